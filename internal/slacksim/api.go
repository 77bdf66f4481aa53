package slacksim

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// call is one Web API call being served.
type call struct {
	s      *Server
	r      *http.Request
	method string
	args   map[string]string // non-string values of a JSON body stay JSON
	token  string

	header  bool // the token came in the Authorization header
	exposed bool // a token came in the body or in the query
}

// has reports whether the argument was sent, even if empty.
func (c *call) has(name string) bool { _, ok := c.args[name]; return ok }

// isTrue reads a flag as Slack does.
func (c *call) isTrue(name string) bool { return c.args[name] == "true" || c.args[name] == "1" }

// apiError is a refusal: a response with ok false.
type apiError struct {
	code             string
	needed, provided string        // of missing_scope
	details          []problem     // of invalid_blocks and invalid_arguments
	wait             time.Duration // of ratelimited
}

func (e *apiError) Error() string { return e.code }

func refuse(code string) error { return &apiError{code: code} }

// success is embedded in every successful response.
type success struct {
	OK bool `json:"ok"`
}

// refusal is the response to a refused call.
//
// https://docs.slack.dev/apis/web-api/#responses
type refusal struct {
	OK       bool      `json:"ok"`
	Error    string    `json:"error"`
	Errors   []string  `json:"errors,omitempty"`
	Needed   string    `json:"needed,omitempty"`
	Provided string    `json:"provided,omitempty"`
	Metadata *messages `json:"response_metadata,omitempty"`
}

type messages struct {
	Messages []string `json:"messages"`
}

// endpoint is one method of the Web API.
type endpoint struct {
	app      bool   // needs the app token, in the header
	anyToken bool   // takes either token
	team     bool   // an organisation-wide app must say which workspace it means
	scope    string // empty: any valid token will do
	run      func(*call) (any, error)
}

// endpoints lists the methods of this workspace. run is called with the lock held.
func endpoints() map[string]endpoint {
	return map[string]endpoint{
		"apps.connections.open": {app: true, scope: "connections:write", run: openConnection},
		"auth.test":             {anyToken: true, run: authTest},
		"auth.teams.list":       {run: listTeams},
		"blocks.validate":       {run: validateBlocks},
		"bots.info":             {scope: "users:read", run: botsInfo},
		"chat.postMessage":      {scope: "chat:write", run: postMessage},
		"chat.update":           {scope: "chat:write", run: updateMessage},
		"chat.delete":           {scope: "chat:write", run: deleteMessage},
		"chat.postEphemeral":    {scope: "chat:write", run: postEphemeral},
		"chat.getPermalink":     {run: getPermalink},
		"conversations.history": {run: history},          // the scope depends on the channel
		"conversations.info":    {run: conversationInfo}, // like history
		"conversations.open":    {scope: "im:write", run: openConversation},
		"conversations.replies": {run: replies},
		"usergroups.users.list": {team: true, scope: "usergroups:read", run: listGroup},
		"users.info":            {team: true, scope: "users:read", run: usersInfo},
		"users.lookupByEmail":   {team: true, scope: "users:read.email", run: lookupByEmail},
		"views.open":            {run: openView},
		"views.publish":         {run: publishView},
		"views.push":            {run: pushView},
		"views.update":          {run: updateView},
	}
}

// maxBody is far more than Slack accepts, so only nonsense exceeds it.
const maxBody = 1 << 20

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	c := &call{s: s, r: r, method: strings.TrimPrefix(r.URL.Path, "/api/")}
	problem := c.parse(w)
	s.answer(w, r, c.entry(), func() response {
		if problem != nil {
			return c.refused(problem)
		}
		return c.perform()
	})
}

// perform runs the call and returns the answer.
func (c *call) perform() response {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.endpoints[c.method]
	if !ok {
		s.violate("unknown method %s", c.method)
		return c.refused(refuse("unknown_method"))
	}
	if err := c.authorize(e); err != nil {
		return c.refused(err)
	}
	if err := s.takeFromRate(c.method); err != nil {
		return c.refused(err)
	}
	body, err := e.run(c)
	if err != nil {
		return c.refused(err)
	}
	s.changed()
	done := response{status: http.StatusOK, body: encode(body), header: c.scopeHeader(e)}
	switch body := body.(type) {
	case posted:
		if c.method == "chat.postMessage" {
			done.made = Ref{Channel: body.Channel, TS: body.TS}
		}
	case validation:
		done.err = body.Error
	}
	return done
}

// requireScope refuses the call unless its token has the scope.
func (c *call) requireScope(scope string) error {
	granted := c.granted()
	if scope == "" || slices.Contains(granted, scope) {
		return nil
	}
	return &apiError{code: "missing_scope", needed: scope, provided: strings.Join(granted, ",")}
}

// granted returns the scopes of the call's token.
func (c *call) granted() []string {
	if c.withAppToken() {
		return c.s.opts.AppScopes
	}
	return c.s.opts.Scopes
}

func (c *call) scopeHeader(e endpoint) http.Header {
	h := http.Header{"X-Oauth-Scopes": {strings.Join(c.granted(), ",")}}
	if e.scope != "" {
		h.Set("X-Accepted-Oauth-Scopes", e.scope)
	}
	return h
}

func (c *call) refused(err error) response {
	var refused *apiError
	if !errors.As(err, &refused) {
		refused = &apiError{code: "internal_error"}
	}
	body := refusal{Error: refused.code, Needed: refused.needed, Provided: refused.provided}
	if len(refused.details) > 0 {
		body.Metadata = &messages{}
		for _, d := range refused.details {
			body.Errors = append(body.Errors, d.String())
			body.Metadata.Messages = append(body.Metadata.Messages, "[ERROR] "+d.String())
		}
	}
	if refused.wait > 0 {
		return rateLimited(int(math.Ceil(refused.wait.Seconds())))
	}
	return response{status: http.StatusOK, body: encode(body), err: refused.code}
}

// parse reads the token and the arguments, which come as a form or a JSON object in the
// body, or in the query of a GET. A token in the query is ignored: Slack no longer accepts it.
func (c *call) parse(w http.ResponseWriter) error {
	c.args = make(map[string]string)
	if bearer, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); ok {
		c.token, c.header = bearer, true
	}
	query := c.r.URL.Query()
	c.exposed = query.Has("token")
	if c.r.Method == http.MethodGet {
		c.take(query)
		delete(c.args, "token")
		return nil
	}
	if c.r.Method != http.MethodPost {
		return refuse("invalid_post_type")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody))
	if err != nil {
		return refuse("request_timeout")
	}
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch {
	case kind == "application/json":
		c.args, err = flatten(body)
		if err != nil {
			return refuse("invalid_json")
		}
		c.exposed = c.exposed || c.args["token"] != ""
		return nil // with a JSON body only the header's token counts
	case kind == "application/x-www-form-urlencoded", len(body) == 0:
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return refuse("invalid_form_data")
		}
		c.take(values)
		c.exposed = c.exposed || c.args["token"] != ""
		if !c.header {
			c.token = c.args["token"]
		}
		return nil
	}
	return refuse("invalid_post_type")
}

func (c *call) take(values url.Values) {
	for name, v := range values {
		c.args[name] = v[0]
	}
}

// flatten turns a JSON object into arguments: strings stay as they are, null means absent,
// and everything else is kept as JSON.
func flatten(body []byte) (map[string]string, error) {
	args := make(map[string]string)
	if len(body) == 0 {
		return args, nil
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, err
	}
	for name, value := range raw {
		var text string
		switch {
		case string(value) == "null":
		case json.Unmarshal(value, &text) == nil:
			args[name] = text
		default:
			args[name] = string(value)
		}
	}
	return args, nil
}

// encode marshals one of this package's own responses, which can't fail.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("slacksim: encode an answer: " + err.Error())
	}
	return data
}
