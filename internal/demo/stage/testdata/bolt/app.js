// A bot written by Slack's own guide: a command posts a button, the button opens a modal,
// and the modal's text is posted. The variables that `meetingbot demo -open` prints
// configure it.
import bolt from "@slack/bolt";

const { SLACK_API_URL, SLACK_APP_TOKEN, SLACK_BOT_TOKEN } = process.env;
const clientOptions = { slackApiUrl: SLACK_API_URL };
const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  clientOptions,
  receiver: new bolt.SocketModeReceiver({ appToken: SLACK_APP_TOKEN, installerOptions: { clientOptions } }),
});

app.command("/cancel-meeting", async ({ ack, command, say }) => {
  await ack();
  await say({
    text: `Why cancel ${command.text}?`,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `Why cancel ${command.text}?` } },
      { type: "actions", elements: [{ type: "button", action_id: "why", text: { type: "plain_text", text: "Say why" }, value: command.text }] },
    ],
  });
});

app.action("why", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal", callback_id: "reason", private_metadata: body.channel.id,
      title: { type: "plain_text", text: "Reason" },
      submit: { type: "plain_text", text: "Send" },
      blocks: [{
        type: "input", block_id: "reason", label: { type: "plain_text", text: "Reason" },
        element: { type: "plain_text_input", action_id: "text" },
      }],
    },
  });
});

app.view("reason", async ({ ack, view, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: view.private_metadata, text: `<@${body.user.id}>: ${view.state.values.reason.text.value}` });
});

await app.start();
