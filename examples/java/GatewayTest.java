// Every scenario of badmx against a sender, in one loop over what each expects.
//
// The sender here is the JDK's own TLS, told to demand a trusted chain and the right name: policy
// `verify`. Put your own in the place of deliver().
//
//     BADMX=badmx java GatewayTest.java
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.KeyStore;
import java.security.cert.*;
import java.util.*;
import java.util.concurrent.*;
import javax.net.ssl.*;

public class GatewayTest {
  static final String POLICY = "verify";
  static final int PATIENCE = 5000;  // milliseconds

  // What this sender is known to do otherwise: it knows no revocation lists or staples, takes the common name
  // where it reads no alternative names, looks at no key identifiers and at no dates of a root, takes
  // SHA-1 and short keys from private CAs, and nothing at all behind the answer to STARTTLS.
  static final Map<String, String> DIFFERENT = Map.of(
      "revoked-leaf", "deliver", "revoked-leaf-stapled", "deliver",
      "revocation-list-expired", "deliver", "cn-only-no-san", "deliver",
      "alternative-names-unreadable", "deliver", "authority-key-id-of-another-key", "deliver",
      "expired-root-in-store", "deliver", "sha1-leaf", "deliver", "rsa-1024-leaf", "deliver",
      "reply-injected-after-starttls", "refuse");

  /** Fails with the reason when the message isn't taken under TLS. */
  static void deliver(Map<String, Object> server) throws Exception {
    String name = (String) server.get("name");
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress((String) server.get("host"), (Integer) server.get("port")), PATIENCE);
      plain.setSoTimeout(PATIENCE);
      Dialogue dialogue;
      if (server.get("tls").equals("starttls")) {
        Dialogue clear = new Dialogue(plain);
        clear.expect(220);
        if (!clear.say("EHLO client.test", 250).contains("STARTTLS")) throw new IOException("no STARTTLS");
        clear.say("STARTTLS", 220);
        dialogue = new Dialogue(secured(plain, name, (String) server.get("trust")));
      } else {
        dialogue = new Dialogue(secured(plain, name, (String) server.get("trust")));
        dialogue.expect(220);
      }
      dialogue.say("EHLO client.test", 250);
      dialogue.say("MAIL FROM:<a@client.test>", 250);
      dialogue.say("RCPT TO:<b@badmx.test>", 250);
      dialogue.say("DATA", 354);
      dialogue.say("Subject: a test\r\n\r\nHello.\r\n.", 250);
    }
  }

  static SSLSocket secured(Socket plain, String name, String trust) throws Exception {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null);
    try (InputStream pem = Files.newInputStream(Path.of(trust))) {
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        roots.setCertificateEntry("root" + roots.size(), root);
      }
    }
    TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusting.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trusting.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
    SSLParameters demands = socket.getSSLParameters();
    demands.setEndpointIdentificationAlgorithm("HTTPS");  // else no name is looked at
    socket.setSSLParameters(demands);
    socket.startHandshake();
    return socket;
  }

  /** Commands and replies of one layer. */
  static class Dialogue {
    final InputStream in;
    final OutputStream out;

    Dialogue(Socket socket) throws IOException {
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    String say(String command, int code) throws IOException {
      out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return expect(code);
    }

    // Octet by octet, so that nothing of the handshake is taken with the answer to STARTTLS.
    String expect(int code) throws IOException {
      StringBuilder reply = new StringBuilder();
      for (int lines = 0; lines < 100; ++lines) {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
          if (octet < 0 || line.length() > 4096) throw new IOException("the connection ended in a reply");
          line.append((char) octet);
        }
        reply.append(line).append('\n');
        if (line.length() < 4 || line.charAt(3) != '-') break;
      }
      if (!reply.toString().startsWith(code + "")) throw new IOException(code + " was wanted: " + reply);
      return reply.toString();
    }
  }

  /** The little JSON that the ready-file needs; the JDK has none. */
  static class Json {
    final String text;
    int at = 0;

    Json(String text) { this.text = text; }

    char next() {
      while (Character.isWhitespace(text.charAt(at))) ++at;
      return text.charAt(at);
    }

    Object read() {
      char c = next();
      if (c == '{') {
        Map<String, Object> object = new LinkedHashMap<>();
        for (++at; next() != '}'; at += next() == ',' ? 1 : 0) {
          String key = (String) read();
          next();
          ++at;  // the colon
          object.put(key, read());
        }
        ++at;
        return object;
      }
      if (c == '[') {
        List<Object> list = new ArrayList<>();
        for (++at; next() != ']'; at += next() == ',' ? 1 : 0) list.add(read());
        ++at;
        return list;
      }
      if (c == '"') {
        StringBuilder string = new StringBuilder();
        for (++at; text.charAt(at) != '"'; ++at) {
          if (text.charAt(at) != '\\') {
            string.append(text.charAt(at));
          } else if (text.charAt(++at) == 'u') {
            string.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
            at += 4;
          } else {
            int escape = "bfnrt".indexOf(text.charAt(at));
            string.append(escape < 0 ? text.charAt(at) : "\b\f\n\r\t".charAt(escape));
          }
        }
        ++at;
        return string.toString();
      }
      int from = at;
      while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) ++at;
      String word = text.substring(from, at);
      return Character.isDigit(word.charAt(0)) ? (Object) Integer.valueOf(word) : word;
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> member(Map<String, Object> of, String name) {
    return (Map<String, Object>) of.get(name);
  }

  @SuppressWarnings("unchecked")
  public static void main(String[] arguments) throws Exception {
    Path ready = Files.createTempDirectory("gateway").resolve("ready.json");
    // The servers end when our end of their standard input closes, however this test ends.
    Process badmx = new ProcessBuilder(
        System.getenv().getOrDefault("BADMX", "badmx"), "serve", "--all", "--ready-file", ready.toString(),
        "--exit-with-stdin").redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int failed = 0;
    try {
      for (int i = 0; i < 600 && badmx.isAlive() && !Files.exists(ready); ++i) Thread.sleep(50);
      if (!Files.exists(ready)) throw new IOException("badmx serve isn't ready");
      Map<String, Object> told = (Map<String, Object>) new Json(Files.readString(ready)).read();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      Map<String, Future<String>> found = new LinkedHashMap<>();
      Map<String, Object> servers = member(told, "scenarios");
      for (String scenario : servers.keySet()) {
        found.put(scenario, threads.submit(() -> {
          try {
            deliver(member(servers, scenario));
            return "";
          } catch (Exception reason) {
            return reason.toString();
          }
        }));
      }
      threads.shutdown();
      for (String scenario : found.keySet()) {
        String expected = DIFFERENT.getOrDefault(
            scenario, (String) member(member(servers, scenario), "expect").get(POLICY));
        String reason = found.get(scenario).get(60, TimeUnit.SECONDS);
        boolean fine = reason.isEmpty() == expected.equals("deliver");
        System.out.println((fine ? "ok      " : "FAILED  ") + scenario
            + (fine ? "" : ": expected " + expected + ", found " + (reason.isEmpty() ? "deliver" : reason)));
        if (!fine) ++failed;
      }
    } finally {
      badmx.getOutputStream().close();
      badmx.waitFor(10, TimeUnit.SECONDS);
      Files.deleteIfExists(ready);
      Files.deleteIfExists(ready.getParent());
    }
    System.exit(failed == 0 ? 0 : 1);
  }
}
