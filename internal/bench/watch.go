package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// A watch follows Slack's journal and notifies callers waiting for a card or for the end
// of a cancellation.
type watch struct {
	w     *world.World
	pulse <-chan struct{}
	stop  func()
	done  chan struct{}

	mu      sync.Mutex
	read    int
	cards   map[string]card // by meeting
	told    map[string]int  // number of thread replies and messages to the owner, by meeting
	changed *sync.Cond
}

func newWatch(w *world.World) *watch {
	pulse, stop := w.Slack.Watch()
	s := &watch{w: w, pulse: pulse, done: make(chan struct{}), cards: map[string]card{}, told: map[string]int{}}
	s.changed = sync.NewCond(&s.mu)
	s.stop = func() { stop(); close(s.done) }
	go s.follow()
	return s
}

func (s *watch) follow() {
	for {
		select {
		case <-s.done:
			return
		case <-s.pulse:
		case <-time.After(20 * time.Millisecond):
		}
		s.mu.Lock()
		fresh := s.w.Slack.JournalFrom(s.read)
		for _, c := range fresh {
			s.note(c)
		}
		s.read += len(fresh)
		s.mu.Unlock()
		s.changed.Broadcast()
	}
}

func (s *watch) note(c slacksim.Call) {
	meeting, kind := about(c)
	if c.Method != "chat.postMessage" || c.Error != "" || meeting == "" {
		return
	}
	if kind != "card" {
		s.told[meeting]++
		return
	}
	s.cards[meeting] = card{ref: c.Made, action: confirm.FindStringSubmatch(c.Form["blocks"])[1]}
}

// A card is a bot's card, with the action_id of its button that cancels.
type card struct {
	ref    slacksim.Ref
	action string
}

// confirm finds the action_id of the button `Cancel meeting`, in any bot's blocks.
var confirm = regexp.MustCompile(`"action_id":"(cancel[a-z_]*)"`)

// card waits for the card of a meeting.
func (s *watch) card(ctx context.Context, meeting string) (card, error) {
	var c card
	err := s.until(ctx, "card of "+meeting, func() (ok bool) { c, ok = s.cards[meeting]; return ok })
	return c, err
}

// end waits for the thread reply and the message to the owner.
func (s *watch) end(ctx context.Context, meeting string) error {
	return s.until(ctx, "end of "+meeting, func() bool { return s.told[meeting] >= 2 })
}

func (s *watch) until(_ context.Context, what string, holds func() bool) error {
	deadline := time.Now().Add(world.Timeout)
	s.mu.Lock()
	defer s.mu.Unlock()
	for !holds() {
		if time.Now().After(deadline) {
			return fmt.Errorf("no %s within %v\n%s", what, world.Timeout, s.w.Bot.Log())
		}
		s.changed.Wait()
	}
	return nil
}

var number = regexp.MustCompile(`914 ?\d{3} ?\d{3}`)

// about returns the meeting that a message is about, and the kind of message. It works for
// any bot.
func about(c slacksim.Call) (meeting, kind string) {
	meeting = strings.ReplaceAll(number.FindString(c.Form["blocks"]+c.Form["text"]), " ", "")
	switch {
	case c.Form["thread_ts"] != "":
		return meeting, "thread"
	case strings.HasPrefix(c.Form["channel"], "U"), strings.HasPrefix(c.Form["channel"], "D"):
		return meeting, "owner"
	case confirm.MatchString(c.Form["blocks"]):
		return meeting, "card"
	}
	return meeting, ""
}
