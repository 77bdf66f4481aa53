package demo

// starting is printed first.
const starting = `Starting the real bot between a simulated Slack and a simulated Meeting service…
`

const startingWithoutBot = `Starting a simulated Slack and a simulated Meeting service…
`

// opening tells people what to type.
const opening = `You are Ana in #general (%s), and may cancel any meeting.
Type /cancel-meeting 914087436, then 1 to press the first button, or @bob 1 to press it as Bob.
Everyone reads times in their own time zone; Carol, who owns that meeting, is on %s.
Type ? for everything else, and quit to stop.
The same workspace in your browser, with every call to the Meeting service and faults to inject: http://%s
`

const openingWithoutBot = `You are Ana in #general (%s). There is no bot yet: commands fail until one connects.
Type ? for everything else, and quit to stop.
The same workspace in your browser, with every call to the Meeting service and faults to inject: http://%s
`

// openDoors is followed by what other clients need to connect.
const openDoors = `Any client or bot can connect with these. If several bots connect, they share the commands,
as replicas do; -nobot leaves the demo's own bot out.
%s
`

// staying is printed when the input ends, with -stay.
const staying = `The input has ended. The page keeps running until ctrl-C.
`

// onlyAMessage answers messages that look like part of a command.
const onlyAMessage = `This is only a message, and the bot doesn't read messages. Did you mean %s? Type ? for everything else.
`

const help = `
What you can type:
    /cancel-meeting 914087436    a command; /cancel-meeting help lists the others
    1                            press the button [1] of the newest message that has buttons
    tick 4,5     untick 4        tick or untick the boxes [4] and [5]
    4 2                          choose option 2 in the menu [4]; several: 4 1,3
    4 @bob       4 2026-12-01    choose a person, or a day
    4 the room is flooded        fill the input [4]
    good morning                 a message
    !                            the message shortcut “Cancel this meeting” on the newest message
    home                         open the app's Home tab; numbers then refer to it, until you write something
    @carol 1                     any of these as Carol; the people are %s
    /cancel-meeting tomorrow     all your meetings tomorrow, on one card
    @dave /cancel-meeting 914087436   Dave may not cancel it, but can ask Carol, who owns it
    quit                         end the demo; so does ctrl-D, or on Windows ctrl-Z and Enter

The bot takes %d requests a minute from each person here. In a real workspace it takes five.
`
