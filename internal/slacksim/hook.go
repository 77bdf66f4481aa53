package slacksim

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// How often and how long a response URL can be used.
//
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is one response URL.
type hook struct {
	room     *room
	user     string // who reads an ephemeral response
	original *post  // the message with the button; nil if there is none
	threadTS string // where a message shortcut was used
	made     time.Time
	uses     int
}

// newHook registers h and returns its URL. The lock is held.
func (s *Server) newHook(base string, h *hook) string {
	h.made = s.opts.Now()
	path := s.opts.TeamID + "/" + s.mint("") + "/" + s.mint("secret-")
	s.hooks[path] = h
	return base + path
}

// serveHook handles what an app posts to a response URL.
func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return // the caller went away
	}
	_, path, _ := bytes.Cut([]byte(r.URL.Path[1:]), []byte("/"))
	s.mu.Lock()
	h := s.hooks[string(path)]
	s.mu.Unlock()
	args, err := flatten(body)
	entry := Call{Method: hookMethod, Token: "none", Form: args}
	if args == nil {
		args, entry.Form = map[string]string{}, map[string]string{}
	}
	if h != nil {
		entry.Form["channel"] = h.room.ID
	}
	s.answer(w, r, entry, func() response {
		s.mu.Lock()
		defer s.mu.Unlock()
		status, text := s.useHook(h, r.Method, args, err)
		if status == http.StatusOK {
			s.changed()
			return response{status: status, kind: "text/html", body: []byte("ok")}
		}
		return response{status: status, kind: "text/html", body: []byte(text), err: text}
	})
}

// useHook performs one use and returns the status and the error. The lock is held.
func (s *Server) useHook(h *hook, method string, args map[string]string, malformed error) (int, string) {
	switch {
	case h == nil:
		s.violate("a response URL that Slack never gave out")
		return http.StatusNotFound, "no_service"
	case method != http.MethodPost, malformed != nil:
		return http.StatusBadRequest, "invalid_payload"
	case s.opts.Now().Sub(h.made) > hookLife:
		s.violate("a response URL was used after %s", hookLife)
		return http.StatusNotFound, "expired_url"
	case h.uses >= hookUses:
		s.violate("a response URL was used more than %d times", hookUses)
		return http.StatusNotFound, "used_url"
	}
	h.uses++
	if h.room.Archived {
		return http.StatusGone, "channel_is_archived"
	}
	if err := s.respond(h, args); err != nil {
		return http.StatusBadRequest, err.Error()
	}
	return http.StatusOK, ""
}

// respond does what the body asks for: replace or delete the original, or write to the
// person or the channel.
func (s *Server) respond(h *hook, args map[string]string) error {
	if args["delete_original"] == "true" {
		if h.original == nil {
			s.violate("delete_original on the response URL of a command: it has no original")
			return nil
		}
		s.remove(h.room, h.original)
		return nil
	}
	said, err := s.compose(hookMethod, args, maxPostText)
	if err != nil {
		return err
	}
	if args["replace_original"] == "true" {
		if h.original != nil && !h.original.deleted {
			said.metadata = h.original.now().metadata
			s.revise(h.room, h.original, ViaResponseURL, said)
			return nil
		}
		s.violate("replace_original without an original")
	}
	p := &post{user: s.opts.BotUserID, via: ViaResponseURL}
	switch args["response_type"] {
	case "in_channel":
	case "", "ephemeral":
		p.ephemeralFor = h.user
	default:
		return refuse("invalid_payload")
	}
	if p.threadTS, err = s.hookThread(h, args, p.ephemeralFor == ""); err != nil {
		return err
	}
	s.store(h.room, p, said)
	return nil
}

// hookThread returns the thread of the response. A thread_ts counts only for
// in_channel. Without one, a response to a button in a reply stays in the reply's
// thread.
func (s *Server) hookThread(h *hook, args map[string]string, inChannel bool) (string, error) {
	ts := args["thread_ts"]
	switch {
	case ts != "" && inChannel:
		return h.room.threadRoot(ts)
	case ts != "":
		s.violate("thread_ts on a response URL needs response_type in_channel")
	case h.original != nil:
		return h.original.threadTS, nil
	}
	return h.threadTS, nil
}
