package page_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/demotest"
	"meetingbot/internal/demo/page"
	"meetingbot/internal/demo/stage"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// A show is a running stage with a server for its page.
type show struct {
	*stage.Stage
	url string
}

// open starts a show.
func open(t *testing.T) *show {
	t.Helper()
	st, err := stage.Open(t.Context(), stage.Options{Program: demotest.Program(t)})
	if err != nil {
		t.Fatal(err)
	}
	p, err := page.New(st)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(func() {
		server.CloseClientConnections()
		p.Close()
		server.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		if broken := st.Slack.Violations(); len(broken) > 0 {
			t.Errorf("the bot breaks rules of Slack: %q", broken)
		}
		if t.Failed() {
			t.Logf("the bot's log:\n%s", st.Bot.Log())
		}
	})
	return &show{st, server.URL}
}

// A window is a browser window.
type window struct {
	t   *testing.T
	ctx context.Context
}

// chromium starts a browser for the test and returns its window. Without a browser it skips
// the test, or fails it if MEETINGBOT_TEST_REQUIRE says that there must be one.
func chromium(t *testing.T) window {
	t.Helper()
	path := os.Getenv("MEETINGBOT_TEST_CHROMIUM")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := os.Stat(path); err != nil {
		if strings.Contains(os.Getenv("MEETINGBOT_TEST_REQUIRE"), "chromium") {
			t.Fatalf("no browser: %v", err)
		}
		t.Skipf("no browser, which apt-get install chromium would bring: %v", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WindowSize(1360, 1000),
	)
	ctx, cancelProcess := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancelTab := chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits, so that its directory can be removed
		cancelTab()
		cancelProcess()
	})
	return window{t, ctx}
}

// tab opens another window of the same browser.
func (w window) tab() window {
	w.t.Helper()
	ctx, cancel := chromedp.NewContext(w.ctx)
	w.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		w.t.Fatal(err)
	}
	return window{w.t, ctx}
}

// A step is something a person does or sees.
type step = chromedp.Action[chromedp.Void]

// stepTime is how long a step may take.
const stepTime = 45 * time.Second

// do takes steps, and fails the test with the page's text if one fails.
func (w window) do(steps ...step) {
	w.t.Helper()
	for i, s := range steps {
		ctx, cancel := context.WithTimeout(w.ctx, stepTime)
		err := chromedp.Do(ctx, s)
		cancel()
		if err != nil {
			w.t.Fatalf("step %d: %v\nthe page:\n%s\nin the field: %q", i+1, err, value[string](w, `document.body.innerText`), value[string](w, `document.querySelector("#line")?.value ?? ""`))
		}
	}
}

// value evaluates an expression.
func value[T any](w window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, stepTime)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// visit loads a page and waits until it receives changes.
func visit(url string) step {
	return all(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("body.live")))
}

// all combines several steps into one.
func all(steps ...step) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		for _, s := range steps {
			if v, err := s(ctx, t); err != nil {
				return v, err
			}
		}
		return chromedp.Void{}, nil
	}
}

// until waits until a JavaScript function returns true.
func until(function string, args ...any) step {
	look := chromedp.PollFunction[chromedp.Void](function, chromedp.WithPollingArgs(args...))
	return func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) { return retried(ctx, tab, look) }
}

// retried retries look if the browser left the page in the meantime.
func retried[T any](ctx context.Context, tab *chromedp.Target, look chromedp.Action[T]) (T, error) {
	for {
		v, err := look(ctx, tab)
		if err == nil || ctx.Err() != nil {
			return v, err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return v, err
		}
	}
}

// says waits until an element contains want.
func says(selector, want string) step {
	return until(`(s, want) => [...document.querySelectorAll(s)].some((e) => e.textContent.replace(/\s+/g, " ").includes(want))`, selector, want)
}

// say types a line into the message field and sends it.
func say(line string) step {
	return all(press(`//*[@id="line"]`), chromedp.SendKeys(chromedp.CSS("#line"), line+"\r"))
}

// click presses the last button with that text or label.
func click(name string) step {
	return press(`(//button[normalize-space(.)="` + name + `" or @aria-label="` + name + `"])[last()]`)
}

// press clicks on the element that the XPath finds, once it has stopped moving and nothing
// covers it.
func press(xpath string) step {
	where := chromedp.PollFunction[[]float64](`async (xpath) => {
		const e = document.evaluate(xpath, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
		if (!e) return false;
		e.scrollIntoView({ block: "nearest", behavior: "instant" });
		const box = () => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; };
		const frame = () => new Promise(requestAnimationFrame);
		const before = box();
		for (let i = 0; i < 4; i++) await frame();
		const [x, y] = box();
		return x === before[0] && y === before[1] && e.contains(document.elementFromPoint(x, y)) && [x, y];
	}`, chromedp.WithPollingArgs(xpath))
	return func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		at, err := retried(ctx, tab, where)
		if err != nil {
			return chromedp.Void{}, fmt.Errorf("press %s: %w", xpath, err)
		}
		return chromedp.MouseClickXY(at[0], at[1])(ctx, tab)
	}
}
