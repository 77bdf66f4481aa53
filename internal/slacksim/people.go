package slacksim

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A User is one person (or bot) in the workspace.
type User struct {
	ID       string
	Name     string // handle, without @; the lower-case id if empty
	RealName string
	Email    string
	Locale   string // "en-US" if empty
	TZ       string // IANA name; "Etc/UTC" if empty; [NoTZ] if Slack gives none
	TZOffset int    // seconds east of UTC if this machine doesn't know TZ

	Admin           bool
	Restricted      bool // guest of several channels
	UltraRestricted bool // guest of one channel
	Stranger        bool // from another workspace, through a shared channel
	Bot             bool
	Deleted         bool // deactivated

	TeamID string // the workspace's own if empty; users of other organisations are strangers
}

// NoTZ is the zone of a user whose zone Slack doesn't give.
const NoTZ = "-"

// A Channel is a conversation: a public channel, a private one, or a direct message.
type Channel struct {
	ID        string
	Name      string // without #
	Private   bool
	IM        bool // between two people; the bot's own are made by [Server.DM]
	MPIM      bool // between several people
	Archived  bool
	ReadOnly  bool // only admins may post
	BotMember bool
	Members   []string // user ids; everyone can read a public channel, only members can type
}

// isPublic reports whether everyone in the workspace can read c.
func (c Channel) isPublic() bool { return !c.Private && !c.IM && !c.MPIM }

// AddUser adds u, replacing any user with the same id.
func (s *Server) AddUser(u User) {
	u.Name = cmp.Or(u.Name, strings.ToLower(u.ID))
	u.RealName = cmp.Or(u.RealName, u.Name)
	u.Locale = cmp.Or(u.Locale, "en-US")
	u.TZ = cmp.Or(u.TZ, "Etc/UTC")
	u.TeamID = cmp.Or(u.TeamID, s.opts.TeamID)
	zone, err := time.LoadLocation(u.TZ)
	if err != nil { // a name that only Slack knows
		zone = time.FixedZone(u.TZ, u.TZOffset)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u.Stranger = u.Stranger || !s.inOrg(u.TeamID)
	s.users[u.ID] = &u
	s.zones[u.ID] = zone
	s.changed()
}

// AddChannel adds c, or replaces the properties of the channel with that id and keeps
// its messages.
func (s *Server) AddChannel(c Channel) {
	c.Name = cmp.Or(c.Name, strings.ToLower(c.ID))
	c.Members = slices.Clone(c.Members)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addRoom(c)
	s.changed()
}

func (s *Server) addRoom(c Channel) *room {
	if r, ok := s.rooms[c.ID]; ok {
		r.Channel = c
		return r
	}
	r := &room{Channel: c, byTS: make(map[string]*post), threads: make(map[string][]*post)}
	s.rooms[c.ID] = r
	s.roomOrder = append(s.roomOrder, c.ID)
	return r
}

// AddUserGroup adds a user group, or replaces its members.
func (s *Server) AddUserGroup(id string, users []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups[id] = slices.Clone(users)
}

// JoinBot makes the bot a member of the channel. An unknown channel is ignored.
func (s *Server) JoinBot(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.rooms[channel]; ok {
		r.BotMember = true
		s.changed()
	}
}

// Archive archives or unarchives the channel. An unknown channel is ignored.
func (s *Server) Archive(channel string, archived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.rooms[channel]; ok {
		r.Archived = archived
		s.changed()
	}
}

// DM returns the id of the user's direct messages with the bot.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openDM(user).ID
}

// openDM returns the user's direct messages with the bot, creating them if need be. The
// lock is held.
func (s *Server) openDM(user string) *room {
	id := "D" + strings.TrimLeft(user, "UW")
	if r, ok := s.rooms[id]; ok {
		return r
	}
	return s.addRoom(Channel{ID: id, Name: "directmessage", IM: true, BotMember: true, Members: []string{user}})
}

// Channels returns the conversations that the user can open, in the order they were added.
func (s *Server) Channels(user string) []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var seen []Channel
	for _, id := range s.roomOrder {
		if r := s.rooms[id]; s.canRead(user, r) {
			c := r.Channel
			c.Members = slices.Clone(c.Members)
			seen = append(seen, c)
		}
	}
	return seen
}

// Users returns everyone in the workspace, bots included, ordered by id.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]User, 0, len(s.users))
	for _, u := range s.users {
		all = append(all, *u)
	}
	slices.SortFunc(all, func(a, b User) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// canRead reports whether the user may read r: members may, and everyone but guests and
// strangers may read public channels. The lock is held.
func (s *Server) canRead(user string, r *room) bool {
	u, ok := s.users[user]
	if !ok || u.Deleted {
		return false
	}
	if u.ID == s.opts.BotUserID {
		return r.BotMember
	}
	if slices.Contains(r.Members, user) {
		return true
	}
	return r.isPublic() && !u.Restricted && !u.UltraRestricted && !u.Stranger
}

// zone returns the user's time zone, or UTC for an unknown user. The lock is held.
func (s *Server) zone(user string) *time.Location {
	if zone, ok := s.zones[user]; ok {
		return zone
	}
	return time.UTC
}
