package service

import (
	"cmp"
	"fmt"
	"net/http"

	"meetingbot/bot"
	"meetingbot/handlers"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/internal/config"
	"meetingbot/meetingapi"
)

// SlackAPI returns the configuration of the client for Slack, without an observer.
func SlackAPI(cfg config.Config) (bot.Config, error) {
	client, err := bot.NewHTTP([]byte(cfg.SlackCA))
	if err != nil {
		return bot.Config{}, fmt.Errorf("SLACK_CA: %w", err)
	}
	return bot.Config{
		AppToken: cfg.SlackAppToken, BotToken: cfg.SlackBotToken,
		APIURL: cfg.SlackAPIURL, HTTP: client,
	}, nil
}

// MeetingAPI returns the configuration of the client for the meeting service, without a
// logger.
func MeetingAPI(cfg config.Config, version string) (meetingapi.Config, error) {
	transport, err := meetingapi.NewTransport([]byte(cfg.MeetingCA))
	if err != nil {
		return meetingapi.Config{}, fmt.Errorf("MEETING_CA: %w", err)
	}
	c := meetingapi.Config{
		BaseURL: cfg.MeetingAPIURL, HTTP: &http.Client{Transport: transport}, UserAgent: "meetingbot/" + version,
		SiteID: cfg.SiteID, AuthorizationType: cfg.AuthorizationType,
	}
	if cfg.AppLogin() {
		c.Auth = meetingapi.AppID{
			ID: cfg.MeetingAppID, Key: meetingapi.Secret(cfg.MeetingAppKey.Reveal()),
			UserID: cfg.MeetingUserID, CorpID: cfg.MeetingCorpID,
		}
	} else {
		c.Auth = meetingapi.Account{Name: cfg.MeetingAccount, Password: meetingapi.Secret(cfg.MeetingPassword.Reveal())}
	}
	return c, nil
}

// perMinute is how many requests a person may make per minute.
const perMinute = 5

// rules returns the operator's decisions.
func rules(cfg config.Config) handlers.Rules {
	return handlers.Rules{
		Rules: step.Rules{
			ConfirmTTL: cfg.ConfirmTTL, UndoWindow: cfg.UndoWindow, PerMinute: cmp.Or(cfg.PerMinute, perMinute),
			ManyMax: cfg.ManyMax, DelegationMax: cfg.DelegationMax, TellInvited: cfg.TellInvited, Keep: cfg.Keep,
		},
		Settings: access.Settings{
			Users: cfg.AllowUsers, Groups: cfg.AllowUsergroups, Channels: cfg.AllowChannels,
			Second: cfg.SecondPerson, LeadTime: cfg.LeadTime, Questions: cfg.AskOwner,
		},
		OwnerMap: cfg.Owners,
	}
}
