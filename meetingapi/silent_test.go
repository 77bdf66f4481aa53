package meetingapi_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"meetingbot/internal/memnet"
	"meetingbot/meetingapi"
)

// TestSilentConnections: a firewall has dropped all idle connections. The first attempt
// times out on one of them; the next opens a new one instead of trying the others.
func TestSilentConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testSilentConnections)
}

func testSilentConnections(t *testing.T) {
	const idle = 8
	l := memnet.New("memory")
	var silent atomic.Bool
	var waiting atomic.Int32
	var conns sync.WaitGroup
	ready, stop := make(chan struct{}), make(chan struct{})
	serve := func(conn net.Conn, old bool) {
		defer conn.Close()
		br := bufio.NewReader(conn)
		for {
			r, err := http.ReadRequest(br)
			if err != nil {
				return
			}
			if silent.Load() && old { // no answer, and the connection stays open
				<-stop
				return
			}
			body := `{"accessToken":"t","validPeriod":3600}`
			if r.Method == http.MethodGet {
				body = detailBody
				if old && r.FormValue("conferenceID") == "together" {
					if waiting.Add(1) == idle { // all are in flight, each with its own connection
						close(ready)
					}
					select {
					case <-ready:
					case <-stop:
						return
					}
				}
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
		}
	}
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			old := !silent.Load()
			conns.Go(func() { serve(conn, old) })
		}
	})
	transport, err := meetingapi.NewTransport(nil)
	if err != nil {
		t.Fatalf("NewTransport(nil): %v", err)
	}
	transport.DialContext = meetingapi.Guard(l.DialContext)
	t.Cleanup(func() {
		close(stop)
		_ = l.Close()
		transport.CloseIdleConnections()
		conns.Wait()
	})
	c := newAPI(t, meetingapi.Config{
		BaseURL: "http://memory", HTTP: &http.Client{Transport: transport},
		Auth: meetingapi.AppID{ID: "a", Key: "k"}, ReadRetry: meetingapi.Retry{More: 1},
	})
	if err := c.Login(t.Context()); err != nil {
		t.Fatalf("Login: %v", err)
	}
	var wg sync.WaitGroup
	for range idle {
		wg.Go(func() { _, _ = c.Meeting(t.Context(), "together") })
	}
	wg.Wait()
	silent.Store(true)
	if _, err := c.Meeting(t.Context(), "914087436"); err != nil {
		t.Errorf("Meeting over a silent connection = %v, want the second try to open its own", err)
	}
}
