package config

import (
	"log/slog"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/secret"
)

// A Secret is a token, key or password, or an address that may contain one. It prints as dots.
type Secret = secret.Secret

// Config holds all settings. A Config from [Load] is complete and consistent; the zero
// Config is not usable. The tag desc says what a variable does, hint gives an example or
// says where to get it, and oneof lists the only values it takes, in any case.
type Config struct {
	SlackAppToken Secret `envconfig:"SLACK_APP_TOKEN" required:"true" desc:"app-level token (xapp-…) with connections:write" hint:"Slack: your app › Basic Information › App-Level Tokens, scope connections:write"`
	SlackBotToken Secret `envconfig:"SLACK_BOT_TOKEN" required:"true" desc:"bot token (xoxb-…)" hint:"Slack: your app › OAuth & Permissions › Bot User OAuth Token"`
	// SlackAPIURL ends with a slash.
	SlackAPIURL      string `envconfig:"SLACK_API_URL" default:"https://slack.com/api/" desc:"root of Slack's Web API" hint:"for example https://slack.com/api/"`
	SlackCA          string `envconfig:"SLACK_CA" desc:"CA certificates (PEM) to trust for Slack, in addition to the system's" hint:"the PEM text that begins with -----BEGIN CERTIFICATE-----, or its file in SLACK_CA_FILE"`
	SlackConnections int    `envconfig:"SLACK_CONNECTIONS" default:"2" desc:"sockets per replica, 1 to 10 (Slack allows ten per app)" hint:"for example 2; 1 to 10"`

	// MeetingAPIURL doesn't end with a slash.
	MeetingAPIURL string `envconfig:"MEETING_API_URL" default:"https://api.meeting.huaweicloud.com" desc:"root of the Meeting API" hint:"mainland China https://api.meeting.huaweicloud.com, elsewhere https://api-intl.meeting.huaweicloud.com"`
	// MeetingAppID and MeetingAppKey are the App ID login. Both or neither are set.
	MeetingAppID  string `envconfig:"MEETING_APP_ID" desc:"App ID login: the App ID" hint:"Huawei Cloud Meeting console › Application Management"`
	MeetingAppKey Secret `envconfig:"MEETING_APP_KEY" desc:"App ID login: the App Key" hint:"Huawei Cloud Meeting console › Application Management, shown when the App ID is created"`
	MeetingUserID string `envconfig:"MEETING_USER_ID" desc:"App ID login: the user to act as; empty: the default administrator" hint:"leave it out unless the bot must act as one user"`
	MeetingCorpID string `envconfig:"MEETING_CORP_ID" desc:"App ID login with a service provider's App ID: the enterprise" hint:"leave it out unless the App ID serves several enterprises"`
	// MeetingAccount and MeetingPassword are the account login. Both or neither are
	// set, and never together with the App ID login.
	MeetingAccount    string `envconfig:"MEETING_ACCOUNT" desc:"account login: the account" hint:"the account of a meeting administrator"`
	MeetingPassword   Secret `envconfig:"MEETING_PASSWORD" desc:"account login: its password" hint:"the password of MEETING_ACCOUNT"`
	SiteID            string `envconfig:"MEETING_SITE_ID" desc:"sent as X-Site-Id with every call; for HCS Online sites" hint:"leave it out unless your site's documentation asks for it"`
	AuthorizationType string `envconfig:"MEETING_AUTHORIZATION_TYPE" desc:"sent as X-Authorization-Type with every call; for third-party portals" hint:"leave it out unless your portal's documentation asks for it"`
	MeetingCA         string `envconfig:"MEETING_CA" desc:"CA certificates (PEM) to trust for the Meeting API, in addition to the system's" hint:"the PEM text that begins with -----BEGIN CERTIFICATE-----, or its file in MEETING_CA_FILE"`

	// DatabaseURL is sqlite:PATH or postgres://…. It is a Secret because a
	// PostgreSQL address may hold a password.
	DatabaseURL Secret `envconfig:"DATABASE_URL" default:"sqlite:meetingbot.db" desc:"sqlite:FILE or postgres://…" hint:"sqlite:meetingbot.db or postgres://user@host/database"`

	AllowUsers      IDs                       `envconfig:"ALLOW_USERS" desc:"Slack users who may cancel any meeting" hint:"user ids separated by commas, such as U024BE7LH,W012A3CDE, or * for everyone; Copy member ID is in a profile's menu"`
	AllowUsergroups IDs                       `envconfig:"ALLOW_USERGROUPS" desc:"Slack user groups whose members may cancel any meeting" hint:"user group ids separated by commas, such as S0614TZR7, or * for everyone"`
	AllowChannels   IDs                       `envconfig:"ALLOW_CHANNELS" desc:"channels the command works in; empty: all" hint:"channel ids separated by commas, such as C061EG9SL, or *; the id is at the end of a channel's details"`
	SecondPerson    cancellation.SecondPerson `envconfig:"SECOND_PERSON" default:"never" oneof:"never end series many always" desc:"when another person must confirm: never, end, series, many or always" hint:"never, end, series, many or always"`
	ConfirmTTL      time.Duration             `envconfig:"CONFIRM_TTL" default:"15m" desc:"how long a question stays open" hint:"for example 15m; 1s to 24h"`
	UndoWindow      time.Duration             `envconfig:"UNDO_WINDOW" default:"0s" desc:"how long to offer Undo before anything happens" hint:"for example 10s; 0s (none) to 10m"`
	LeadTime        time.Duration             `envconfig:"LEAD_TIME" default:"0s" desc:"this close to the start, only allowed users may cancel" hint:"for example 30m; 0s (no limit) to 30d"`
	AskOwner        bool                      `envconfig:"ASK_OWNER" default:"on" desc:"let people who may not cancel a meeting ask its owner: on or off" hint:"on or off"`
	DelegationMax   time.Duration             `envconfig:"DELEGATION_MAX" default:"90d" desc:"longest an owner may delegate for; 0: not at all" hint:"for example 90d; 0 (not at all), or 1s to 366d"`
	ManyMax         int                       `envconfig:"MANY_MAX" default:"20" desc:"how many meetings one card may cancel, 1 to 20; 1: one at a time" hint:"for example 20; 1 to 20"`
	TellInvited     cancellation.TellInvited  `envconfig:"TELL_INVITED" default:"ask" oneof:"never ask always" desc:"tell invited people in Slack: never, ask (a box on the card) or always" hint:"never, ask or always"`
	Keep            time.Duration             `envconfig:"KEEP" default:"0" desc:"how long to keep names and subjects of finished requests; 0: forever" hint:"for example 365d; 0 (forever), or 1s to 3660d"`
	// OwnerMap is the file that Owners was read from, or its text.
	OwnerMap string `envconfig:"OWNER_MAP" desc:"CSV file: meeting account or user UUID, Slack user id or e-mail" hint:"the path of a CSV file with lines like ana@corp,U024BE7LH"`
	// Owners maps meeting accounts to people in Slack. It is never nil.
	Owners Owners `ignored:"true"`

	CardDetails string `envconfig:"CARD_DETAILS" default:"full" oneof:"full minimal" desc:"what cards show: full, or minimal (no subject or owner)" hint:"full or minimal"`
	BotLocale   string `envconfig:"BOT_LOCALE" default:"en" oneof:"en pt-BR es zh-CN" desc:"language in channels: en, pt-BR, es or zh-CN" hint:"en, pt-BR, es or zh-CN"`

	// HTTPAddr is where /healthz, /readyz and /metrics are served; empty means nowhere.
	// This is the only variable that is not treated as unset when it is empty.
	HTTPAddr        string        `envconfig:"HTTP_ADDR" default:":8080" desc:"address of /healthz, /readyz and /metrics; set but empty: none" hint:"for example :8080 or 127.0.0.1:8080"`
	LogLevel        slog.Level    `envconfig:"LOG_LEVEL" default:"info" desc:"debug, info, warn or error" hint:"debug, info, warn or error"`
	LogFormat       string        `envconfig:"LOG_FORMAT" oneof:"text json" desc:"text or json; empty: text on a terminal, else json" hint:"text or json"`
	ShutdownTimeout time.Duration `envconfig:"SHUTDOWN_TIMEOUT" default:"20s" desc:"how long a graceful stop may take" hint:"for example 20s; 1s to 10m"`

	// PerMinute is how many requests a person may make per minute. No variable sets it;
	// zero means the program's default.
	PerMinute int `ignored:"true"`

	// Unread are variables that look like ours but aren't, for a warning in the log. A
	// likely misspelling of a variable that isn't set is a fault instead.
	Unread []UnknownVariable `ignored:"true"`
}

// AppLogin reports whether the login is an App ID, as opposed to an account.
func (c *Config) AppLogin() bool { return c.MeetingAppID != "" }
