package socket_test

import (
	"encoding/pem"
	"net/http"
	"strings"
	"testing"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

// TestSocketsUseClientCertificates: sockets trust the client's certificates, even if its transport is wrapped.
func TestSocketsUseClientCertificates(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	tls := f.OverTLS()
	f.Answer("apps.connections.open", fake.Reply(`{"ok":true,"url":"wss`+strings.TrimPrefix(tls.URL, "https")+`/link/"}`))
	if _, err := socket.New(f.client(), f.config()).Probe(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("Probe() without the certificate = %v, want it named", err)
	}
	api := f.api()
	api.APIURL = tls.URL + "/api/"
	var err error
	if api.HTTP, err = bot.NewHTTP(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: tls.Certificate().Raw})); err != nil {
		t.Fatal(err)
	}
	client := bot.NewClient(api)
	defer client.Close()
	if _, err := socket.New(client, f.config()).Probe(t.Context()); err != nil {
		t.Errorf("Probe() = %v", err)
	}
	api.HTTP.Transport = wrapped{api.HTTP.Transport}
	if _, err := socket.New(bot.NewClient(api), f.config()).Probe(t.Context()); err != nil {
		t.Errorf("Probe() with a wrapped transport = %v", err)
	}
}

// wrapped is a transport around another.
type wrapped struct{ http.RoundTripper }

func (w wrapped) Unwrap() http.RoundTripper { return w.RoundTripper }
