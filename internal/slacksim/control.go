package slacksim

import "net/http"

// Control returns a handler through which another process controls this workspace in
// JSON: it acts as people, reads what they see and injects faults. It is separate from
// [Server.ServeHTTP] because apps must not reach it.
//
//	POST   /users /channels             a User, a Channel
//	POST   /type                        {user, channel, line, thread_ts}
//	POST   /click                       {user, channel, ts, action_id, block_id, value}
//	POST   /select                      {user, channel, ts, block_id, action_id, values}
//	POST   /tick /untick                {user, channel, ts, text}
//	POST   /shortcut                    {user, channel, ts, callback_id}
//	POST   /home                        {user}: opens the Home tab
//	POST   /submit /close               {user, inputs}: the modal
//	GET    /messages?channel=&viewer=   what the viewer sees
//	GET    /thread?channel=&ts=&viewer=
//	GET    /dms?user= /modal?user= /home?user=
//	GET    /journal /shown?from= /violations /connections
//	POST   /faults, DELETE /faults      add a Fault; clear them all
//	POST   /link                        {delay, disconnect, drop, duplicate, slam}
//
// With a view_id in place of channel and ts, clicks, choices and ticks happen in a Home tab
// or a modal. The response to an action comes when the action has ended, and holds the
// acknowledgement or Slack's error.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	for pattern, act := range map[string]func(*http.Request) (any, error){
		"POST /users":      decoded(func(u User) (any, error) { s.AddUser(u); return success{true}, nil }),
		"POST /channels":   decoded(func(c Channel) (any, error) { s.AddChannel(c); return success{true}, nil }),
		"POST /faults":     decoded(func(f Fault) (any, error) { s.Fault(f); return success{true}, nil }),
		"DELETE /faults":   func(*http.Request) (any, error) { s.ClearFaults(); return success{true}, nil },
		"POST /link":       decoded(s.link),
		"POST /type":       acted(s.typeOrder),
		"POST /click":      acted(s.clickOrder),
		"POST /select":     acted(s.selectOrder),
		"POST /tick":       acted(func(o order) (*Action, error) { return s.tickOrder(o, true) }),
		"POST /untick":     acted(func(o order) (*Action, error) { return s.tickOrder(o, false) }),
		"POST /home":       acted(func(o order) (*Action, error) { return s.OpenHome(o.User) }),
		"POST /shortcut":   acted(func(o order) (*Action, error) { return s.MessageShortcut(o.User, o.Ref, o.CallbackID) }),
		"POST /submit":     acted(func(o order) (*Action, error) { return s.SubmitModal(o.User, o.Inputs) }),
		"POST /close":      acted(func(o order) (*Action, error) { return s.CloseModal(o.User) }),
		"GET /messages":    queried(func(q query) any { return visible(s.Messages(q("channel"), q("viewer"))) }),
		"GET /thread":      queried(func(q query) any { return visible(s.Thread(Ref{q("channel"), q("ts")}, q("viewer"))) }),
		"GET /dms":         queried(func(q query) any { return visible(s.DMs(q("user"))) }),
		"GET /modal":       queried(s.modalOf),
		"GET /home":        queried(s.homeOf),
		"GET /shown":       queried(func(q query) any { return s.Shown(startAt(q("from"))) }),
		"GET /journal":     queried(func(query) any { return s.Journal() }),
		"GET /violations":  queried(func(query) any { return s.Violations() }),
		"GET /connections": queried(func(query) any { return s.Connections() }),
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { reply(w, r, act) })
	}
	return mux
}
