using System.Collections.Immutable;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Actors.Tests.EventSourcing;
using QTrade.Actors.Work;
using QTrade.Shared.Actors;

namespace QTrade.Actors.Tests.Scheduling;

public sealed class SimulationSchedulerSpecs
{
    private static readonly SimulationOptions Delayed = new() { MaxDeliveryDelay = TimeSpan.FromMilliseconds(5) };

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var runs = new[] { 1UL, 1UL, 2UL, 3UL }.Select(seed => string.Join(' ', Converse(seed))).ToArray();

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(3, runs.Distinct().Count());
    }

    [Fact]
    public void Delayed_messages_of_one_sender_to_one_actor_keep_their_order()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            foreach (var talker in Converse(seed).GroupBy(message => message[..1]))
                Assert.Equal(talker.Order(StringComparer.Ordinal), talker);
        }
    }

    [Fact]
    public void Events_of_one_instant_are_ordered_by_the_path_of_their_sender_then_by_number()
    {
        var simulation = new SimulationScheduler(1);
        using var system = new ActorSystem(simulation);
        var probe = new TestProbe<string>(system, "probe");
        foreach (var name in new[] { "c", "a", "b" })
        {
            system.Spawn(
                Script.Of<string>(
                    (message, self, effects) =>
                    {
                        effects.Send(probe.Ref, self.Path.Name + "1");
                        effects.Send(probe.Ref, self.Path.Name + "2");
                    },
                    (self, effects) => effects.Schedule("at", TimeSpan.FromSeconds(1), self, "now")),
                name);
        }

        simulation.RunUntilIdle();

        Assert.Equal(["a1", "a2", "b1", "b2", "c1", "c2"], probe.Received);
        Assert.Equal(simulation.Time.GetUtcNow(), new SimulationOptions().Start.AddSeconds(1));
    }

    [Fact]
    public void Running_until_a_time_does_what_is_due_by_then_and_stands_there()
    {
        var simulation = new SimulationScheduler(1);
        using var system = new ActorSystem(simulation);
        var probe = new TestProbe<string>(system, "probe");
        system.Spawn(
            Script.Of<string>(
                (message, _, effects) => effects.Send(probe.Ref, message),
                (self, effects) =>
                {
                    effects.Schedule("a", TimeSpan.FromSeconds(1), self, "at 1 s");
                    effects.Schedule("b", TimeSpan.FromSeconds(2), self, "at 2 s");
                    effects.Schedule("c", TimeSpan.FromSeconds(3), self, "at 3 s");
                }),
            "actor");
        var begin = simulation.Time.GetUtcNow();

        Assert.Equal(SimulationEnd.TimeReached, simulation.RunFor(TimeSpan.FromSeconds(2)));
        Assert.Equal(["at 1 s", "at 2 s"], probe.Received);
        Assert.Equal(begin.AddSeconds(2), simulation.Time.GetUtcNow());

        Assert.Equal(SimulationEnd.Idle, simulation.RunUntilIdle());
        Assert.Equal(3, probe.Received.Count);
    }

    [Fact]
    public void A_clock_that_is_wrong_is_wrong_for_whoever_reads_it_and_moves_no_timer()
    {
        var simulation = new SimulationScheduler(1);
        using var system = new ActorSystem(simulation);
        var probe = new TestProbe<string>(system, "probe");
        var start = simulation.Time.GetUtcNow();
        system.Spawn(
            Script.Of<string>(
                (message, _, effects) => effects.Send(probe.Ref, $"{message} {effects.Now - start:c}"),
                (self, effects) => effects.ScheduleRepeatedly("every", TimeSpan.FromSeconds(1), self, "tick")),
            "actor");

        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.ClockError = static () => TimeSpan.FromHours(-1);
        simulation.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal(["tick 00:00:01", "tick -00:59:58", "tick -00:59:57"], probe.Received);
    }

    [Fact]
    public void A_run_that_never_ends_is_told_by_its_bound()
    {
        var simulation = new SimulationScheduler(1);
        using var system = new ActorSystem(simulation);
        system.Spawn(Script.Of<string>((message, self, effects) => effects.Send(self, message)), "actor").Tell("again");

        Assert.Throws<InvalidOperationException>(() => simulation.RunUntilIdle(maxSteps: 1_000));
    }

    [Fact]
    public void Work_takes_its_duration_of_virtual_time_on_as_many_threads_as_the_pool_has()
    {
        var simulation = new SimulationScheduler(1);
        using var system = new ActorSystem(simulation);
        var pool = system.CreateWorkPool(
            "solve", new WorkPoolOptions { Threads = 2, QueueCapacity = 2, SimulatedDuration = TimeSpan.FromMilliseconds(10) });
        var begin = simulation.Time.GetUtcNow();
        var ended = new List<string>();
        var actor = system.Spawn(
            Script.Of<string>((message, self, effects) =>
            {
                if (message.Length > 1)
                    ended.Add($"{message} at {(effects.Now - begin).TotalMilliseconds} ms");
                else
                    effects.Run(pool, () => message, self, done => done + " done", failure => message + " refused");
            }),
            "actor");

        foreach (var message in new[] { "1", "2", "3", "4", "5" })
            actor.Tell(message);
        simulation.RunUntilIdle();

        Assert.Equal(
            ["5 refused at 0 ms", "1 done at 10 ms", "2 done at 10 ms", "3 done at 20 ms", "4 done at 20 ms"], ended);
        Assert.Equal((4, 1), (pool.Completed, pool.Refused));
    }

    [Fact]
    public void A_node_killed_before_any_event_recovers_what_was_durable_and_had_told_nothing_else()
    {
        var whole = Deposit(long.MaxValue, out var steps);
        Assert.Equal(10, whole.Told.Count);

        for (var killAt = 1L; killAt <= steps; killAt++)
        {
            var (told, found) = Deposit(killAt, out _);
            var simulation = new SimulationScheduler(1);
            using var system = new ActorSystem(simulation, new ActorSystemOptions { Journal = found });
            var probe = new TestProbe<string>(system, "probe");
            system.Spawn(new Props<Account.Command>(() => new Account("a", probe.Ref)), "account");
            simulation.RunUntilIdle();

            var durable = found.HighestSequenceNumber(Account.IdOf("a"));
            Assert.Equal($"recovered {durable * (durable + 1) / 2} at #{durable}", Assert.Single(probe.Received));
            Assert.InRange(told.Count, 0, durable);
            Assert.Equal(Enumerable.Range(1, told.Count).Select(i => $"deposited #{i}"), told);
        }
    }

    [Fact]
    public void A_system_that_ends_before_any_event_gives_nobody_a_turn_after_it()
    {
        Deposit(long.MaxValue, out var steps);

        for (var endAt = 1L; endAt <= steps; endAt++)
        {
            var observer = new StopObserver();
            ActorSystem? system = null;
            var probe = default(TestProbe<string>);
            var (told, deadLetters) = (-1, -1L);
            var simulation = new SimulationScheduler(1, Delayed)
            {
                BeforeStep = step =>
                {
                    if (step == endAt)
                    {
                        system!.Dispose();
                        (told, deadLetters) = (probe!.Received.Count, system.DeadLetters.Count);
                    }

                    return true;
                },
            };
            var journal = new InMemoryJournal(simulation.Time, TimeSpan.FromMilliseconds(1));
            system = new ActorSystem(simulation, new ActorSystemOptions { Journal = journal, Observer = observer });
            probe = new TestProbe<string>(system, "probe");
            var account = system.Spawn(new Props<Account.Command>(() => new Account("a", probe.Ref)), "account");
            for (var i = 1; i <= 10; i++)
                account.Tell(new Account.Deposit(i));

            simulation.RunUntilIdle();

            Assert.Equal((told, deadLetters), (probe.Received.Count, system.DeadLetters.Count));
            Assert.Empty(observer.RecoveryFailures);
        }
    }

    /// <summary>Ten deposits, killed before event <paramref name="killAt"/>: what was told, and the journal as the next start finds it.</summary>
    private static (List<string> Told, InMemoryJournal Found) Deposit(long killAt, out long steps)
    {
        var simulation = new SimulationScheduler(1, Delayed) { BeforeStep = step => step < killAt };
        var journal = new InMemoryJournal(simulation.Time, TimeSpan.FromMilliseconds(1));
        using var system = new ActorSystem(simulation, new ActorSystemOptions { Journal = journal, Recovered = RecoveredEntities.None });
        var probe = new TestProbe<string>(system, "probe");
        var account = system.Spawn(new Props<Account.Command>(() => new Account("a", probe.Ref)), "account");
        for (var i = 1; i <= 10; i++)
            account.Tell(new Account.Deposit(i));

        simulation.RunUntilIdle();
        steps = simulation.Steps;
        return ([.. probe.Received.Where(message => message.StartsWith("deposited", StringComparison.Ordinal))], journal.Crash(TimeProvider.System));
    }

    /// <summary>Three actors that each tell a fourth ten things: the order in which it heard them.</summary>
    private static ImmutableList<string> Converse(ulong seed)
    {
        var simulation = new SimulationScheduler(seed, Delayed);
        using var system = new ActorSystem(simulation);
        var probe = new TestProbe<string>(system, "probe");
        foreach (var name in new[] { "a", "b", "c" })
        {
            var talker = system.Spawn(
                Script.Of<string>((message, self, effects) => effects.Send(probe.Ref, self.Path.Name + message)), name);
            for (var i = 0; i < 10; i++)
                talker.Tell($"{i}");
        }

        simulation.RunUntilIdle();
        return probe.Received;
    }
}
