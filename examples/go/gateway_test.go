// Every scenario of badmx against a sender, in one loop over what each expects.
//
// The sender here is net/smtp, which demands TLS, a trusted chain and the right name: policy
// "verify". Put your own in the place of deliver().
//
//	BADMX=badmx go test
package gateway

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const (
	policy   = "verify"
	patience = 5 * time.Second
)

// What this sender is known to do otherwise: it knows no revocation lists or staples, doesn't
// compare key identifiers, takes short keys, and greets with HELO where EHLO is refused.
var different = map[string]string{
	"revoked-leaf": "deliver", "revoked-leaf-stapled": "deliver",
	"revocation-list-expired": "deliver", "rsa-1024-leaf": "deliver",
	"authority-key-id-of-another-key": "deliver", "ehlo-502": "deliver",
	"rsa-certificate-expired": "refuse",
}

type server struct {
	Host, TLS, Name, Trust string
	Port                   int
	Expect                 map[string]any
}

// deliver says why the message wasn't taken under TLS; nil: it was.
func deliver(to server) error {
	pem, err := os.ReadFile(to.Trust)
	if err != nil {
		return err
	}
	config := &tls.Config{ServerName: to.Name, RootCAs: x509.NewCertPool()}
	config.RootCAs.AppendCertsFromPEM(pem)
	connection, err := net.DialTimeout("tcp", net.JoinHostPort(to.Host, strconv.Itoa(to.Port)), patience)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(patience))
	if to.TLS == "implicit" {
		connection = tls.Client(connection, config)
	}
	client, err := smtp.NewClient(connection, to.Name)
	if err != nil {
		return err
	}
	if to.TLS == "starttls" {
		if err := client.StartTLS(config); err != nil {
			return err
		}
	}
	if err := client.Mail("a@client.test"); err != nil {
		return err
	}
	if err := client.Rcpt("b@badmx.test"); err != nil {
		return err
	}
	writer, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(writer, "Subject: a test\r\n\r\nHello.\r\n"); err != nil {
		return err
	}
	return writer.Close()
}

// serve runs all scenarios. The servers end when our end of their standard input closes, however
// this test ends.
func serve(t *testing.T) map[string]server {
	badmx := os.Getenv("BADMX")
	if badmx == "" {
		badmx = "badmx"
	}
	ready := filepath.Join(t.TempDir(), "ready.json")
	command := exec.Command(badmx, "serve", "--all", "--ready-file", ready, "--exit-with-stdin")
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		input.Close()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			command.Process.Kill()
		}
	})
	var told struct{ Scenarios map[string]server }
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("badmx serve has ended: %v", err)
		default:
		}
		text, err := os.ReadFile(ready) // it is written whole, once all servers listen
		if err != nil {
			continue
		}
		if err := json.Unmarshal(text, &told); err != nil {
			t.Fatal(err)
		}
		return told.Scenarios
	}
	t.Fatal("badmx serve isn't ready after 30 s")
	return nil
}

func TestDoesWithEachServerWhatItsPolicyDemands(t *testing.T) {
	servers := serve(t)
	t.Run("scenarios", func(t *testing.T) { // ends when all of them have
		for scenario, to := range servers {
			scenario, to := scenario, to
			t.Run(scenario, func(t *testing.T) {
				t.Parallel()
				expected, known := different[scenario]
				if !known {
					expected, _ = to.Expect[policy].(string)
				}
				err := deliver(to)
				if (err == nil) != (expected == "deliver") {
					t.Errorf("%s was expected, found: %v", expected, err)
				}
			})
		}
	})
}
