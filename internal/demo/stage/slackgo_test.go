package stage_test

import (
	"context"
	"errors"
	"io"
	"log"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// TestSlackGo asserts that slack-go's own client, which sends its token in the body, works
// unchanged.
func TestSlackGo(t *testing.T) {
	t.Parallel()
	st := openDoors(t)
	api := slack.New(
		variable(t, st, "SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(variable(t, st, "SLACK_APP_TOKEN")),
		slack.OptionAPIURL(variable(t, st, "SLACK_API_URL")),
	)
	client := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := client.RunContext(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("RunContext() = %v", err)
		}
	})
	running.Go(func() {
		for {
			select {
			case event := <-client.Events:
				if err := answer(ctx, client, event); err != nil && ctx.Err() == nil {
					t.Errorf("%s: %v", event.Type, err)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { stop(); running.Wait() })
	converse(t, st)
}

// answer is the bot from testdata/bolt/app.js, in Go.
func answer(ctx context.Context, client *socketmode.Client, event socketmode.Event) error {
	plain := func(text string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
	}
	switch data := event.Data.(type) {
	case slack.SlashCommand:
		if err := client.Ack(*event.Request); err != nil {
			return err
		}
		_, _, err := client.PostMessageContext(
			ctx, data.ChannelID, slack.MsgOptionText("Why cancel "+data.Text+"?", false),
			slack.MsgOptionBlocks(slack.NewActionBlock("", slack.NewButtonBlockElement("why", data.Text, plain("Say why")))),
		)
		return err
	case slack.InteractionCallback:
		if err := client.Ack(*event.Request); err != nil {
			return err
		}
		if data.Type == slack.InteractionTypeViewSubmission {
			text := "<@" + data.User.ID + ">: " + data.View.State.Values["reason"]["text"].Value
			_, _, err := client.PostMessageContext(ctx, data.View.PrivateMetadata, slack.MsgOptionText(text, false))
			return err
		}
		_, err := client.OpenViewContext(ctx, data.TriggerID, slack.ModalViewRequest{
			Type: slack.VTModal, CallbackID: "reason", PrivateMetadata: data.Channel.ID, Title: plain("Reason"), Submit: plain("Send"),
			Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewInputBlock("reason", plain("Reason"), nil, slack.NewPlainTextInputBlockElement(nil, "text")),
			}},
		})
		return err
	}
	return nil
}
