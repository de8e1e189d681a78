using System.Collections.Concurrent;
using QTrade.Actors.Mailboxes;
using QTrade.Actors.Supervision;
using QTrade.Actors.Work;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests.Scheduling;

/// <summary>What every scheduler does alike.</summary>
public abstract class SchedulerContract : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Rig _rig;

    protected SchedulerContract(Rig rig) => _rig = rig;

    private ActorSystem System => _rig.System;

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Messages_of_one_sender_arrive_in_their_order()
    {
        var probe = new TestProbe<string>(System, "probe");
        var echo = System.Spawn(Script.Of<string>((message, _, effects) => effects.Send(probe.Ref, message)), "echo");
        var expected = Enumerable.Range(0, 1_000).Select(i => i.ToString()).ToArray();

        foreach (var message in expected)
            echo.Tell(message);

        await _rig.ExpectAsync(probe, expected);
    }

    [Fact]
    public async Task Nothing_a_throwing_handler_recorded_happens()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                effects.Send(probe.Ref, message);
                effects.Schedule("timer", Second, self, "timer");
                effects.Spawn(Script.Of<string>((_, _, _) => { }, (_, start) => start.Send(probe.Ref, "child")), "child");
                if (message == "bad")
                    throw new InvalidOperationException("bad message");
            }) with { Supervision = new SupervisionPolicy { MinBackoff = Second } },
            "actor");

        actor.Tell("bad");
        await UntilAsync(() => ReportOf(actor).State == "Suspended");
        actor.Tell("good");
        _rig.Advance(Second);

        await _rig.ExpectAsync(probe, "good", "child");
        Assert.Equal(1, ReportOf(actor).Restarts);
    }

    [Fact]
    public async Task A_timer_sends_once_when_it_is_due_and_a_later_one_of_its_name_replaces_it()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                if (message == "begin")
                {
                    effects.Schedule("a", Second, self, "replaced");
                    effects.Schedule("b", Second, self, "cancelled");
                    effects.Schedule("a", Second, self, "due");
                    effects.CancelTimer("b");
                }

                effects.Send(probe.Ref, message);
            }),
            "actor");

        actor.Tell("begin");
        await _rig.ExpectAsync(probe, "begin");
        _rig.Advance(Second);
        await _rig.ExpectAsync(probe, "due");
        _rig.Advance(Second);
        actor.Tell("end");

        await _rig.ExpectAsync(probe, "end");
    }

    [Fact]
    public async Task A_repeating_timer_sends_until_it_is_cancelled()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                if (message == "begin")
                    effects.ScheduleRepeatedly("tick", Second, self, "tick");
                if (message == "end")
                    effects.CancelTimer("tick");
                effects.Send(probe.Ref, message);
            }),
            "actor");

        actor.Tell("begin");
        await _rig.ExpectAsync(probe, "begin");
        for (var i = 0; i < 3; i++)
        {
            _rig.Advance(Second);
            await _rig.ExpectAsync(probe, "tick");
        }

        actor.Tell("end");
        await _rig.ExpectAsync(probe, "end");
        _rig.Advance(Second);
        actor.Tell("after");

        await _rig.ExpectAsync(probe, "after");
    }

    [Fact]
    public async Task Work_answers_with_a_message_and_so_does_its_failure()
    {
        var probe = new TestProbe<string>(System, "probe");
        var pool = System.CreateWorkPool("solve", new WorkPoolOptions { Threads = 1 });
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.Run(
                pool,
                () => message == "bad" ? throw new InvalidOperationException("no answer") : message.Length,
                probe.Ref,
                length => $"length {length}",
                failure => failure.Reason)),
            "actor");

        actor.Tell("four");
        actor.Tell("bad");

        await _rig.ExpectAsync(probe, "length 4", "InvalidOperationException: no answer");
        await UntilAsync(() => pool.Completed == 2);
    }

    [Fact]
    public async Task Input_and_output_answer_with_a_message_and_so_does_their_failure()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.RunAsync(
                async _ =>
                {
                    await Task.CompletedTask;
                    return message == "bad" ? throw new IOException("no line") : message;
                },
                probe.Ref,
                answer => $"read {answer}",
                failure => failure.Reason)),
            "actor");

        actor.Tell("a");
        await _rig.ExpectAsync(probe, "read a");
        actor.Tell("bad");

        await _rig.ExpectAsync(probe, "IOException: no line");
    }

    [Fact]
    public async Task A_failure_restarts_with_growing_backoff_and_stops_past_its_limit()
    {
        var probe = new TestProbe<string>(System, "probe");
        var supervision = new SupervisionPolicy { MinBackoff = Second, MaxBackoff = 3 * Second, MaxRestarts = 3, RestartWindow = 60 * Second };
        var actor = System.Spawn(
            Script.Of<string>(
                (_, _, _) => throw new InvalidOperationException("always"),
                (_, effects) => effects.Send(probe.Ref, "started"),
                (_, effects) => effects.Send(probe.Ref, "stopped")) with { Supervision = supervision },
            "actor");
        await _rig.ExpectAsync(probe, "started");

        foreach (var backoff in new[] { 1, 2, 3 })
        {
            actor.Tell("fail");
            await UntilAsync(() => ReportOf(actor).State == "Suspended");
            _rig.Advance((backoff * Second) - TimeSpan.FromMilliseconds(1));
            Assert.Equal("Suspended", ReportOf(actor).State);
            _rig.Advance(TimeSpan.FromMilliseconds(1));
            await _rig.ExpectAsync(probe, "started");
        }

        actor.Tell("fail");

        await _rig.ExpectAsync(probe, "stopped");
    }

    [Fact]
    public async Task Restarts_outside_the_window_do_not_count()
    {
        var probe = new TestProbe<string>(System, "probe");
        var supervision = new SupervisionPolicy { MinBackoff = Second, MaxRestarts = 1, RestartWindow = 10 * Second };
        var actor = System.Spawn(
            Script.Of<string>(
                (_, _, _) => throw new InvalidOperationException("now and then"),
                (_, effects) => effects.Send(probe.Ref, "started")) with { Supervision = supervision },
            "actor");
        await _rig.ExpectAsync(probe, "started");

        for (var i = 0; i < 3; i++)
        {
            actor.Tell("fail");
            await UntilAsync(() => ReportOf(actor).State == "Suspended");
            _rig.Advance(11 * Second);
            await _rig.ExpectAsync(probe, "started");
        }
    }

    [Fact]
    public async Task An_escalated_failure_restarts_the_parent_and_stops_its_children_first()
    {
        var happened = new ConcurrentQueue<string>();
        var child = Script.Of<string>(
            (_, _, _) => throw new InvalidOperationException("beyond me"),
            stop: (_, _) => happened.Enqueue("child stopped")) with { Supervision = SupervisionPolicy.Escalate };
        var parent = System.Spawn(
            Script.Of<string>(
                (message, _, effects) => effects.Send(effects.Spawn(child, "child"), message),
                (_, _) => happened.Enqueue("parent started")) with
            {
                Supervision = new SupervisionPolicy { MinBackoff = Second },
            },
            "parent");

        parent.Tell("fail");
        await UntilAsync(() => ReportOf(parent).State == "Suspended");
        _rig.Advance(Second);
        await UntilAsync(() => happened.Count == 3);

        Assert.Equal(["parent started", "child stopped", "parent started"], happened);
        Assert.Equal(["/parent"], System.Hierarchy().Select(report => report.Path.Value));
    }

    [Fact]
    public async Task Who_watches_is_told_of_a_stop_also_when_it_was_before_the_watch()
    {
        var probe = new TestProbe<string>(System, "probe");
        var subject = System.Spawn(Script.Of<string>((_, _, effects) => effects.StopSelf()), "subject");
        var watcher = System.Spawn(
            Script.Of<string>((message, _, effects) =>
            {
                effects.Watch(subject, probe.Ref, $"{message}: gone");
                effects.Send(probe.Ref, message);
            }),
            "watcher");
        watcher.Tell("early");
        await _rig.ExpectAsync(probe, "early");

        subject.Tell("stop");
        await _rig.ExpectAsync(probe, "early: gone");
        watcher.Tell("late");

        var both = new[] { await _rig.NextAsync(probe), await _rig.NextAsync(probe) };
        Assert.Equal(["late", "late: gone"], both.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stopping_stops_children_before_parents_and_what_waits_is_a_dead_letter()
    {
        var happened = new ConcurrentQueue<string>();
        var child = Script.Of<string>((_, _, _) => { }, stop: (_, _) => happened.Enqueue("child stopped"));
        var parent = System.Spawn(
            Script.Of<string>(
                (message, self, effects) =>
                {
                    effects.Spawn(child, "child");
                    effects.Send(self, "never handled");
                    effects.StopSelf();
                },
                stop: (_, _) => happened.Enqueue("parent stopped")),
            "parent");

        parent.Tell("go");
        await UntilAsync(() => System.DeadLetters.Count == 1);
        Assert.Equal(["child stopped", "parent stopped"], happened);
        parent.Tell("too late");

        await UntilAsync(() => System.DeadLetters.Count == 2);
        Assert.All(System.DeadLetters.Listed, letter => Assert.Equal(("/parent", "String", DeadLetterReason.Stopped),
            (letter.Recipient.Value, letter.MessageType, letter.Reason)));
    }

    [Fact]
    public async Task An_offer_to_a_full_mailbox_is_answered_full_and_later_granted_credit()
    {
        var probe = new TestProbe<string>(System, "probe");
        var busy = new BusyProps(probe);
        var bounded = System.Spawn(busy.Props with { Mailbox = MailboxOptions.Bounded<string>(2) }, "bounded");
        var sender = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                if (message is "full" or "credit")
                    effects.Send(probe.Ref, message);
                else
                    effects.Offer(bounded, message, self, "full", "credit");
            }),
            "sender");
        await UntilAsync(() => ReportOf(bounded).State == "Suspended");

        foreach (var message in new[] { "1", "2", "3", "4" })
            sender.Tell(message);
        await _rig.ExpectAsync(probe, "full", "full");
        Assert.Equal((2, 2), (ReportOf(bounded).Depth, ReportOf(bounded).Refused));
        bounded.Tell("not offered");
        await UntilAsync(() => System.DeadLetters.CountOf(DeadLetterReason.MailboxFull) == 1);
        _rig.Advance(BusyProps.Duration);

        var after = new List<string>();
        for (var i = 0; i < 3; i++)
            after.Add(await _rig.NextAsync(probe));
        Assert.Equal(["1", "2", "credit"], after.Order(StringComparer.Ordinal));
        Assert.Equal(0, ReportOf(bounded).Depth);
    }

    [Fact]
    public async Task A_conflating_mailbox_keeps_the_newest_per_key_and_never_across_a_message_without_one()
    {
        var probe = new TestProbe<string>(System, "probe");
        var busy = new BusyProps(probe);
        var actor = System.Spawn(busy.Props with { Mailbox = MailboxOptions.Conflating(new ByFirstLetter()) }, "actor");
        await UntilAsync(() => ReportOf(actor).State == "Suspended");

        foreach (var message in new[] { "a1", "b1", "a3", "a2", "!cut", "a4", "a5", "b2" })
            actor.Tell(message);
        await UntilAsync(() => ReportOf(actor).Depth == 5 && ReportOf(actor).Conflated == 3);
        _rig.Advance(BusyProps.Duration);

        await _rig.ExpectAsync(probe, "a3", "b1", "!cut", "a5", "b2");
    }

    [Fact]
    public async Task Stashed_messages_come_back_in_order_ahead_of_those_that_wait()
    {
        var probe = new TestProbe<string>(System, "probe");
        var open = false;
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) =>
            {
                open |= message == "open";
                if (!open)
                    effects.Stash();
                else if (message == "open")
                    effects.Unstash();
                effects.Send(probe.Ref, (open ? "handled " : "stashed ") + message);
            }) with { StashCapacity = 2 },
            "actor");

        foreach (var message in new[] { "1", "2", "3", "open", "4" })
            actor.Tell(message);

        await _rig.ExpectAsync(
            probe, "stashed 1", "stashed 2", "stashed 3", "handled open", "handled 1", "handled 2", "handled 4");
        Assert.Equal(1, System.DeadLetters.CountOf(DeadLetterReason.StashFull));
    }

    [Fact]
    public async Task A_trace_travels_with_what_a_message_causes_and_with_nothing_else()
    {
        var probe = new TestProbe<string>(System, "probe");
        var second = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.Send(probe.Ref, $"{message} {effects.Trace?.ToString() ?? "none"}")),
            "second");
        var first = System.Spawn(Script.Of<string>((message, _, effects) => effects.Send(second, message)), "first");
        Assert.True(TraceContext.TryParse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", out var trace));

        first.Tell("traced", trace);
        first.Tell("bare");

        await _rig.ExpectAsync(probe, "traced 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "bare none");
    }

    [Fact]
    public async Task The_edge_asks_and_gets_an_answer_or_a_time_out()
    {
        var actor = System.Spawn(
            Script.Of<Question>((question, _, effects) =>
            {
                if (question.Text != "silence")
                    effects.Send(question.ReplyTo, question.Text + "!");
            }),
            "actor");

        var answer = actor.AskAsync<string>(reply => new Question("hello", reply), System.Time, Second);
        Assert.Equal("hello!", await _rig.AwaitAsync(answer));
        var silence = actor.AskAsync<string>(reply => new Question("silence", reply), System.Time, Second);
        _rig.Advance(Second);

        await Assert.ThrowsAsync<TimeoutException>(() => _rig.AwaitAsync(silence));
    }

    [Fact]
    public async Task Stopping_the_system_stops_every_actor()
    {
        var child = Script.Of<string>((_, _, _) => { });
        var parent = System.Spawn(Script.Of<string>((_, _, _) => { }, (_, effects) => effects.Spawn(child, "child")), "parent");
        await UntilAsync(() => System.Hierarchy().Length == 2 && ReportOf(parent).State == "Active");

        var stopped = System.StopAsync();
        await _rig.AwaitAsync(stopped.ContinueWith(_ => true, TaskScheduler.Default));

        Assert.Empty(System.Hierarchy());
        Assert.Throws<InvalidOperationException>(() => System.Spawn(child, "late"));
    }

    private ActorReport ReportOf(ActorRef actor) => System.Hierarchy().Single(report => report.Path == actor.Path);

    private Task UntilAsync(Func<bool> holds) => _rig.UntilAsync(holds);

    private sealed record Question(string Text, ActorRef<string> ReplyTo);

    /// <summary>An actor whose messages wait for <see cref="Duration"/> at first, since it failed to start.</summary>
    private sealed class BusyProps(TestProbe<string> probe)
    {
        private int _starts;

        internal static TimeSpan Duration => Second;

        internal Props<string> Props => Script.Of<string>(
            (message, _, effects) => effects.Send(probe.Ref, message),
            (_, _) =>
            {
                if (_starts++ == 0)
                    throw new InvalidOperationException("not yet");
            }) with { Supervision = new SupervisionPolicy { MinBackoff = Duration } };
    }

    private sealed class ByFirstLetter : IConflation<string, char>
    {
        public bool TryGetKey(string message, out char key)
        {
            key = message[0];
            return key != '!';
        }

        public string Merge(string waiting, string arrived) =>
            string.CompareOrdinal(waiting, arrived) > 0 ? waiting : arrived;
    }
}
