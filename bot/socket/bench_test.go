package socket_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"meetingbot/bot"
	"meetingbot/bot/socket"
)

// BenchmarkEnvelopeToAck measures the time from writing an envelope to reading its ack, with a handler that stores nothing:
// the lower bound of every real ack.
func BenchmarkEnvelopeToAck(b *testing.B) {
	conns := make(chan *websocket.Conn, 1)
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(srv.URL, "http"))
	})
	mux.HandleFunc("/api/auth.test", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"ok":true}`) })
	mux.HandleFunc("/link", func(w http.ResponseWriter, r *http.Request) {
		if c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil); err == nil {
			_ = c.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1}`))
			conns <- c
		}
	})
	client := bot.NewClient(bot.Config{AppToken: "xapp-1", BotToken: "xoxb-1", APIURL: srv.URL + "/api/"})
	defer client.Close()
	bt := socket.New(client, socket.Config{Connections: 1, Logger: slog.New(slog.DiscardHandler)})
	bt.HandleCommands(func(context.Context, bot.Command) error { return nil })
	bt.HandleClick("confirm", func(context.Context, bot.Click) error { return nil })
	ctx, cancel := context.WithCancel(b.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = bt.Run(ctx)
	}()
	c := <-conns
	defer func() {
		cancel()
		_, _, _ = c.ReadMessage() // answer the close frame, or the bot waits
		<-over
	}()

	n := 0 // makes envelope ids unique
	section := `{"type":"section","text":{"type":"mrkdwn","text":"*Weekly review*, Tuesday, 24 November, 10:00 to 11:00"}}`
	for name, format := range map[string]string{
		"Command": `{"type":"slash_commands","envelope_id":"e%d","payload":{"command":"/cancel-meeting","text":"914087436","user_id":"U1","channel_id":"C1"}}`,
		"Click": `{"type":"interactive","envelope_id":"k%d","payload":{"type":"block_actions","user":{"id":"U1"},"container":{"message_ts":"1.2","channel_id":"C1"},` +
			`"message":{"ts":"1.2","text":"x","blocks":[` + strings.Repeat(section+",", 11) + section + `]},"actions":[{"type":"button","action_id":"confirm","value":"r1"}]}}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n++
				if err := c.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, n)); err != nil {
					b.Fatal(err)
				}
				if _, _, err := c.ReadMessage(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
