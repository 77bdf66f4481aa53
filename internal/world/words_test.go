package world

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestWords tests the script commands themselves, without the program: the app only
// acknowledges, and shows what a script tells it to.
func TestWords(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/words", Setup: setupWords(t), Cmds: words(), RequireExplicitExec: true})
}

func setupWords(t *testing.T) func(*testscript.Env) error {
	return func(env *testscript.Env) error {
		w := New(Options{Dir: env.WorkDir, Program: []string{"false"}, Manifest: "testdata/manifest.yml"})
		env.Values[key{}] = &script{World: w}
		app := &app{url: w.slackHTTP.URL, token: w.env["SLACK_APP_TOKEN"]}
		env.Values[appKey{}] = app
		env.Defer(func() {
			app.stop()
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
		return app.start()
	}
}

type appKey struct{}

// app is a Slack app that acknowledges everything.
type app struct {
	url   string
	token string // of the app
	conn  *websocket.Conn
	done  chan struct{}
}

func (a *app) start() error {
	opened, err := a.call("apps.connections.open", a.token, nil)
	if err != nil {
		return err
	}
	target, _ := opened["url"].(string)
	conn, resp, err := websocket.DefaultDialer.DialContext(context.Background(), target, nil)
	if err != nil {
		return fmt.Errorf("dial %q: %w (%v)", target, err, resp)
	}
	var hello struct{ Type string }
	err = conn.ReadJSON(&hello)
	if err == nil && hello.Type != "hello" { // Slack doesn't count the socket before its hello
		err = fmt.Errorf("the first frame is %q, not hello", hello.Type)
	}
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	a.conn, a.done = conn, make(chan struct{})
	go func() {
		defer close(a.done)
		for {
			var frame struct {
				ID string `json:"envelope_id"`
			}
			if conn.ReadJSON(&frame) != nil {
				return
			}
			if frame.ID != "" && conn.WriteJSON(map[string]string{"envelope_id": frame.ID}) != nil {
				return
			}
		}
	}()
	return nil
}

func (a *app) stop() {
	if a.conn != nil {
		a.conn.Close()
		<-a.done
	}
}

func (a *app) call(method, token string, form url.Values) (map[string]any, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, a.url+"/api/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var answer map[string]any
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("%s answered %q", method, body)
	}
	if answer["ok"] != true {
		return answer, fmt.Errorf("%s: %v", method, answer["error"])
	}
	return answer, nil
}

// words returns the script commands plus app [!] METHOD FILE key=value…, with which the app
// calls a method with the blocks or the view in the file.
func words() map[string]func(*testscript.TestScript, bool, []string) {
	all := Commands()
	all["app"] = func(ts *testscript.TestScript, neg bool, args []string) {
		form := url.Values{}
		for name, value := range options(args[2:]) {
			form.Set(name, value)
		}
		what := "blocks"
		if strings.HasPrefix(args[0], "views.") {
			what = "view"
		}
		form.Set(what, ts.ReadFile(args[1]))
		_, err := ts.Value(appKey{}).(*app).call(args[0], "xoxb-1-sim", form)
		if (err != nil) != neg {
			ts.Fatalf("app %v: %v", args, err)
		}
	}
	return all
}
