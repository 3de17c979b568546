// Delivers one message to each endpoint with Jakarta Mail. Standard input: a line of mode, sender
// and milliseconds, then one an endpoint, fields between tabs. Standard output: a line of JSON each.

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

final class Deliver {
  record Endpoint(String scenario, String name, String port, String tls, String recipient,
      String trust) {}

  private final String mode;
  private final String sender;
  private final String patience;

  private Deliver(String[] words) {
    mode = words[0];
    sender = words[1];
    patience = words[2];
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Deliver deliver = new Deliver(in.readLine().split("\t"));
    List<Endpoint> endpoints = new ArrayList<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t");
      endpoints.add(new Endpoint(words[0], words[1], words[2], words[3], words[4], words[5]));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (Endpoint endpoint : endpoints) {
      threads.execute(() -> deliver.answer(endpoint));
    }
    threads.shutdown();
    threads.awaitTermination(10, TimeUnit.MINUTES);
  }

  private void answer(Endpoint endpoint) {
    String verdict = "delivered";
    StringBuilder log = new StringBuilder();
    try {
      send(endpoint);
    } catch (Exception error) {
      verdict = verdictOf(error);
      for (Throwable each = error; each != null && log.length() < 2000; each = each.getCause()) {
        log.append(log.length() == 0 ? "" : ", ").append(quoted(each.toString()));
      }
    }
    synchronized (System.out) {
      System.out.println("{\"scenario\": " + quoted(endpoint.scenario()) + ", \"verdict\": "
          + quoted(verdict) + ", \"log\": [" + log + "]}");
    }
  }

  // The server's own word where it has said one: "554 5.7.1 …".
  private static String verdictOf(Exception error) {
    String text = String.valueOf(error.getMessage());
    text = text.substring(0, Math.min(text.length(), 500));
    for (int at = 0; at + 3 < text.length(); at++) {
      boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      String code = text.substring(at, at + 3);
      if (begins && code.matches("[45][0-9][0-9]") && text.charAt(at + 3) == ' ') {
        return code.charAt(0) == '5' ? "bounced" : "deferred";
      }
    }
    return "gave-up";
  }

  private void send(Endpoint endpoint) throws Exception {
    String protocol = endpoint.tls().equals("starttls") ? "smtp" : "smtps";
    String prefix = "mail." + protocol + ".";
    Properties settings = new Properties();
    settings.put("mail.transport.protocol", protocol);
    settings.put(prefix + "host", endpoint.name());
    settings.put(prefix + "port", endpoint.port());
    settings.put(prefix + "localhost", "client.badmx.test");
    settings.put(prefix + "from", sender);
    settings.put("mail.from", sender);  // else the Message-ID asks the DNS for our own name
    for (String wait : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
      settings.put(prefix + wait, patience);
    }
    settings.put(prefix + "starttls.enable", "true");
    settings.put(prefix + "starttls.required", String.valueOf(!mode.equals("default")));
    settings.put(prefix + "ssl.checkserveridentity",
        String.valueOf(mode.equals("checkserveridentity")));
    if (mode.equals("trust-all")) {
      settings.put(prefix + "ssl.trust", "*");
    } else {
      settings.put(prefix + "ssl.socketFactory", trusting(endpoint.trust()));
    }
    Session session = Session.getInstance(settings);
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress(sender));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(endpoint.recipient()));
    message.setSubject("badmx");
    message.setText("A test message.");
    message.saveChanges();
    try (Transport transport = session.getTransport()) {
      transport.connect();
      transport.sendMessage(message, message.getAllRecipients());
    }
  }

  private static SSLSocketFactory trusting(String file) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = new FileInputStream(file)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("anchor-" + number++, each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static String quoted(String text) {
    StringBuilder all = new StringBuilder("\"");
    for (char c : text.substring(0, Math.min(text.length(), 500)).toCharArray()) {
      boolean plain = c >= ' ' && c != '"' && c != '\\' && c < 0x7f;
      all.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return all.append('"').toString();
  }
}
