package socket_test

import (
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

// TestSocketsTrustWhatTheClientTrusts, whatever its HTTP client is made of.
func TestSocketsTrustWhatTheClientTrusts(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	tls := f.OverTLS()
	f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"wss`+strings.TrimPrefix(tls.URL, "https")+`/link/"}`))
	if _, err := socket.New(f.client(), f.config()).Probe(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("Probe() without the certificate = %v, want it named", err)
	}
	api := f.api()
	api.APIURL = tls.URL + "/api/"
	api.RootCAs = x509.NewCertPool()
	api.RootCAs.AddCert(tls.Certificate())
	client := bot.NewClient(api)
	defer client.Close()
	if _, err := socket.New(client, f.config()).Probe(t.Context()); err != nil {
		t.Errorf("Probe() = %v", err)
	}
	api.HTTP = &http.Client{Transport: onlyTransport{tls.Client().Transport}} // one that doctor measures with
	if _, err := socket.New(bot.NewClient(api), f.config()).Probe(t.Context()); err != nil {
		t.Errorf("Probe() with a client of another kind = %v", err)
	}
}

// onlyTransport hides what is inside.
type onlyTransport struct{ http.RoundTripper }
