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

    [Theory]
    [InlineData("send")]
    [InlineData("send at once")]
    [InlineData("offer")]
    [InlineData("schedule")]
    [InlineData("schedule repeatedly")]
    [InlineData("run")]
    [InlineData("run async")]
    [InlineData("watch")]
    [InlineData("watch for")]
    [InlineData("unwatch")]
    [InlineData("stop")]
    public async Task What_is_for_nobody_fails_the_actor_that_asks_for_it(string bad)
    {
        var probe = new TestProbe<string>(System, "probe");
        var pool = System.CreateWorkPool("pool", new WorkPoolOptions { Threads = 1 });
        ActorRef<string> nobody = null!;
        var actor = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                switch (message)
                {
                    case "send": effects.Send(nobody, message); break;
                    case "send at once": effects.SendAtOnce(nobody, message); break;
                    case "offer": effects.Offer(nobody, message, self, "full", "credit"); break;
                    case "schedule": effects.Schedule("timer", Second, nobody, message); break;
                    case "schedule repeatedly": effects.ScheduleRepeatedly("timer", Second, nobody, message); break;
                    case "run": effects.Run(pool, () => message, nobody, answer => answer, _ => message); break;
                    case "run async": effects.RunAsync(_ => Task.FromResult(message), nobody, answer => answer, _ => message); break;
                    case "watch": effects.Watch(nobody, self, message); break;
                    case "watch for": effects.Watch(self, nobody, message); break;
                    case "unwatch": effects.Unwatch(nobody); break;
                    case "stop": effects.Stop(nobody); break;
                    default: effects.Send(probe.Ref, message); break;
                }
            }) with { Supervision = new SupervisionPolicy { MinBackoff = Second } },
            "actor");

        actor.Tell(bad);
        await UntilAsync(() => ReportOf(actor).State == "Suspended");
        actor.Tell("good");
        _rig.Advance(Second);

        await _rig.ExpectAsync(probe, "good");
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

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(5_000_000_000, false)]
    [InlineData(5_000_000_000, true)]
    public async Task A_delay_that_no_timer_can_have_fails_its_handler(long milliseconds, bool repeats)
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                effects.Send(probe.Ref, message);
                if (message == "bad" && repeats)
                    effects.ScheduleRepeatedly("timer", TimeSpan.FromMilliseconds(milliseconds), self, "tick");
                else if (message == "bad")
                    effects.Schedule("timer", TimeSpan.FromMilliseconds(milliseconds), self, "tick");
            }) with { Supervision = new SupervisionPolicy { MinBackoff = Second } },
            "actor");

        actor.Tell("bad");
        await UntilAsync(() => ReportOf(actor).State == "Suspended");
        actor.Tell("good");
        _rig.Advance(Second);

        await _rig.ExpectAsync(probe, "good");
    }

    [Fact]
    public async Task A_tick_put_aside_leaves_the_timer_that_took_its_name_to_be_cancelled()
    {
        var probe = new TestProbe<string>(System, "probe");
        var ticks = 0;
        var actor = System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                effects.Send(probe.Ref, message);
                if (message == "begin")
                    effects.Schedule("timer", Second, self, "tick");
                else if (message == "tick" && ++ticks == 1)
                {
                    effects.Stash();
                    effects.Schedule("timer", 3 * Second, self, "late");
                }
                else if (message == "unstash")
                    effects.Unstash();
                else if (message == "cancel")
                    effects.CancelTimer("timer");
            }),
            "actor");

        actor.Tell("begin");
        await _rig.ExpectAsync(probe, "begin");
        await _rig.TimersAsync(1);
        _rig.Advance(Second);
        await _rig.ExpectAsync(probe, "tick");
        actor.Tell("unstash");
        await _rig.ExpectAsync(probe, "unstash", "tick");
        actor.Tell("cancel");
        await _rig.ExpectAsync(probe, "cancel");
        await _rig.TimersAsync(0);
        _rig.Advance(3 * Second);
        actor.Tell("end");

        await _rig.ExpectAsync(probe, "end");
    }

    [Fact]
    public async Task No_message_is_refused_where_it_is_sent()
    {
        var probe = new TestProbe<string>(System, "probe");
        var bounded = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.Send(probe.Ref, message == "none" ? null! : message)) with
            {
                Mailbox = MailboxOptions.Bounded<string>(4),
                Supervision = new SupervisionPolicy { MinBackoff = Second },
            },
            "bounded");

        Assert.Throws<ArgumentNullException>(() => bounded.Tell(null!));
        bounded.Tell("none");
        await UntilAsync(() => ReportOf(bounded).State == "Suspended");
        bounded.Tell("some");
        _rig.Advance(Second);

        await _rig.ExpectAsync(probe, "some");
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

    [Theory]
    [InlineData("work")]
    [InlineData("io")]
    [InlineData("refused")]
    [InlineData("adapted")]
    public async Task Words_for_an_answer_that_throw_fail_the_actor_whose_they_are(string how)
    {
        var probe = new TestProbe<string>(System, "probe");
        var pool = System.CreateWorkPool("solve", new WorkPoolOptions { Threads = 1 });
        var ended = System.CreateWorkPool("ended");
        ended.Dispose();
        var actor = System.Spawn(
            Script.Of<string>(
                (message, self, effects) =>
                {
                    if (message == "work")
                        effects.Run<int, string>(pool, () => throw new InvalidOperationException("no answer"), self, _ => "", Throw);
                    else if (message == "refused")
                        effects.Run(ended, () => 1, self, _ => "", Throw);
                    else if (message == "io")
                        effects.RunAsync(_ => Task.FromResult(1), self, _ => throw new InvalidOperationException("no words"), Throw);
                    else
                        effects.Send(self.Adapt<Version>(_ => throw new InvalidOperationException("no words")), new Version(1, 2));
                },
                (_, effects) => effects.Send(probe.Ref, "started")) with { Supervision = new SupervisionPolicy { MinBackoff = Second } },
            "actor");
        await _rig.ExpectAsync(probe, "started");

        actor.Tell(how);
        await UntilAsync(() => ReportOf(actor).State == "Suspended");
        _rig.Advance(Second);

        await _rig.ExpectAsync(probe, "started");

        static string Throw(WorkFailure failure) => throw new InvalidOperationException("no words for " + failure.Reason);
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

    [Fact]
    public async Task All_effects_recorded_beside_an_own_stop_happen_and_no_further_message_is_handled()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>(
                (message, self, effects) =>
                {
                    effects.Send(self, "never handled");
                    effects.Send(probe.Ref, "before");
                    effects.StopSelf();
                    effects.Send(probe.Ref, "after");
                },
                stop: (_, effects) => effects.Send(probe.Ref, "stopped")),
            "actor");

        actor.Tell("go");

        await _rig.ExpectAsync(probe, "before", "after", "stopped");
        await UntilAsync(() => System.DeadLetters.Count == 1);
    }

    [Fact]
    public async Task What_earlier_messages_sent_arrives_though_a_later_one_fails()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) =>
            {
                effects.Send(probe.Ref, message);
                if (message == "bad")
                    throw new InvalidOperationException("bad");
            }) with { Supervision = SupervisionPolicy.Stop },
            "actor");

        foreach (var message in new[] { "1", "2", "bad", "3" })
            actor.Tell(message);

        await _rig.ExpectAsync(probe, "1", "2");
        await UntilAsync(() => System.DeadLetters.Count == 1);
        Assert.Equal(2, probe.Received.Count);
    }

    [Fact]
    public async Task A_timer_may_tell_another_actor_and_ends_with_its_own()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) =>
            {
                effects.ScheduleRepeatedly("tick", Second, probe.Ref, "tick");
                effects.Send(probe.Ref, message);
            }),
            "actor");
        actor.Tell("begun");
        await _rig.ExpectAsync(probe, "begun");
        _rig.Advance(Second);
        await _rig.ExpectAsync(probe, "tick");

        ActorSystem.Stop(actor);
        await UntilAsync(() => System.Hierarchy().All(report => report.Path != actor.Path));
        _rig.Advance(5 * Second);
        probe.Ref.Tell("end");

        await _rig.ExpectAsync(probe, "end");
    }

    [Fact]
    public async Task Who_ends_its_watch_is_told_nothing()
    {
        var probe = new TestProbe<string>(System, "probe");
        var subject = System.Spawn(Script.Of<string>((_, _, effects) => effects.StopSelf()), "subject");
        var watcher = System.Spawn(
            Script.Of<string>((message, _, effects) =>
            {
                if (message == "unwatch")
                    effects.Unwatch(subject);
                else
                    effects.Watch(subject, probe.Ref, $"{message}: gone");
                effects.Send(probe.Ref, message);
            }),
            "watcher");
        foreach (var message in new[] { "first", "unwatch", "second" })
            watcher.Tell(message);
        await _rig.ExpectAsync(probe, "first", "unwatch", "second");

        subject.Tell("stop");

        await _rig.ExpectAsync(probe, "second: gone");
    }

    [Fact]
    public async Task An_actor_that_never_started_is_not_told_that_it_stops()
    {
        var stops = new ConcurrentQueue<string>();
        var observer = new StopObserver();
        _rig.Options = new ActorSystemOptions { Observer = observer };
        var props = Script.Of<string>((_, _, _) => { }, stop: (self, _) => stops.Enqueue(self.Path.Name));
        System.Spawn(props with { Create = () => throw new InvalidOperationException("no instance"), Supervision = SupervisionPolicy.Stop }, "never");
        var actor = System.Spawn(props, "started");
        await UntilAsync(() => observer.Stops.Count == 1 && ReportOf(actor).State == "Active");

        ActorSystem.Stop(actor);

        await UntilAsync(() => observer.Stops.Count == 2);
        Assert.Equal(["started"], stops);
        Assert.Contains("/never InvalidOperationException: no instance", observer.Stops);
    }

    [Fact]
    public async Task An_adapted_address_translates_what_is_told_and_keeps_its_trace()
    {
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.Send(probe.Ref, $"{message} {effects.Trace?.ParentId}")), "actor");
        var adapted = actor.Adapt<Version>(version => "version " + version);

        adapted.Tell(new Version(1, 2));
        adapted.Tell(new Version(3, 4), new TraceContext(1, 2, 3, Sampled: false));

        await _rig.ExpectAsync(probe, "version 1.2 ", "version 3.4 3");
    }

    [Fact]
    public async Task A_child_of_a_name_that_lives_is_refused_and_the_handler_fails()
    {
        var probe = new TestProbe<string>(System, "probe");
        var child = Script.Of<string>((message, _, effects) => effects.Send(probe.Ref, message));
        var parent = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.Send(effects.Spawn(child, "child"), message)) with
            {
                Supervision = SupervisionPolicy.Stop,
            },
            "parent");

        parent.Tell("first");
        await _rig.ExpectAsync(probe, "first");
        parent.Tell("second");

        await UntilAsync(() => System.Hierarchy().All(report => !report.Path.Value.StartsWith("/parent", StringComparison.Ordinal)));
        Assert.Single(probe.Received);
    }

    [Fact]
    public async Task Too_much_input_and_output_at_once_is_refused()
    {
        _rig.Options = new ActorSystemOptions { IoCapacity = 1 };
        var probe = new TestProbe<string>(System, "probe");
        var actor = System.Spawn(
            Script.Of<string>((message, _, effects) => effects.RunAsync(
                async cancellationToken =>
                {
                    await Task.Delay(Second, System.Time, cancellationToken);
                    return "done";
                },
                probe.Ref,
                answer => $"{message}: {answer}",
                failure => $"{message}: {failure.Reason}")),
            "actor");

        actor.Tell("first");
        actor.Tell("second");
        await _rig.ExpectAsync(probe, "second: too much input and output is under way (1)");
        await _rig.TimersAsync(1);
        _rig.Advance(Second);

        await _rig.ExpectAsync(probe, "first: done");
        Assert.Equal(1, System.IoRefused);
    }

    [Fact]
    public async Task Every_sender_that_found_a_mailbox_full_is_told_of_room_though_handlers_fail()
    {
        var probe = new TestProbe<string>(System, "probe");
        var starts = 0;
        var bounded = System.Spawn(
            Script.Of<string>(
                (_, _, _) => throw new InvalidOperationException("every message fails"),
                (_, _) =>
                {
                    if (starts++ == 0)
                        throw new InvalidOperationException("not yet");
                }) with
            {
                Mailbox = MailboxOptions.Bounded<string>(1),
                Supervision = new SupervisionPolicy { MinBackoff = Second, MaxBackoff = Second },
            },
            "bounded");
        await UntilAsync(() => ReportOf(bounded).State == "Suspended");
        var senders = Enumerable.Range(1, 4).Select(i => System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                if (message == "offer")
                    effects.Offer(bounded, message, self, "full", "credit");
                else
                    effects.Send(probe.Ref, $"{message} {i}");
            }),
            $"sender-{i}")).ToArray();

        senders[0].Tell("offer");
        await UntilAsync(() => ReportOf(bounded).Depth == 1);
        foreach (var sender in senders[1..])
            sender.Tell("offer");
        var told = new List<string>();
        while (told.Count < 3)
            told.Add(await _rig.NextAsync(probe));
        _rig.Advance(Second);
        while (told.Count < 6)
            told.Add(await _rig.NextAsync(probe));

        Assert.Equal(["full 2", "full 3", "full 4"], told[..3].Order(StringComparer.Ordinal));
        Assert.Equal(["credit 2", "credit 3", "credit 4"], told[3..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Under_load_with_failing_handlers_every_message_is_handled_or_failed_once()
    {
        const int Actors = 50, Messages = 400;
        var failed = new ConcurrentQueue<string>();
        var probe = new TestProbe<string>(System, "probe");
        var supervision = new SupervisionPolicy { MinBackoff = Second, MaxBackoff = Second, MaxRestarts = int.MaxValue };
        var relay = System.Spawn(Script.Of<string>((message, _, effects) => effects.Send(probe.Ref, message)), "relay");
        var actors = Enumerable.Range(0, Actors).Select(i => System.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                effects.Send(relay, $"{i} {message}");
                if (message.EndsWith("99", StringComparison.Ordinal))
                {
                    failed.Enqueue($"{i} {message}");
                    throw new InvalidOperationException("one in a hundred");
                }
            }) with { Supervision = supervision },
            $"actor-{i}")).ToArray();

        for (var message = 0; message < Messages; message++)
        {
            foreach (var actor in actors)
                actor.Tell($"{message}");
        }

        for (var restart = 1; restart <= Messages / 100; restart++)
        {
            await UntilAsync(() => failed.Count == Actors * restart
                && System.Hierarchy().All(report => report.Path.Value[..6] != "/actor" || report.State == "Suspended"));
            _rig.Advance(Second);
        }

        await UntilAsync(() => probe.Received.Count == Actors * Messages * 99 / 100);
        Assert.Equal(Actors * Messages, probe.Received.Concat(failed).Distinct().Count());
        Assert.Equal(0, System.DeadLetters.Count);
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
