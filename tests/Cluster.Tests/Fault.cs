namespace QTrade.Cluster.Tests;

/// <summary>Something that breaks.</summary>
/// <param name="Name">What it is.</param>
/// <param name="StrikeAsync">Breaks it, waits until the cluster has dealt with it, and mends it.</param>
internal sealed record Fault(string Name, Func<FaultRun, Task> StrikeAsync)
{
    /// <summary>Whether it strikes while trading is halted, so that nothing may be traded until somebody resumes.</summary>
    public bool IsHalted { get; private init; }

    /// <summary>Every fault, each while trading is halted.</summary>
    public static IEnumerable<Fault> Halted => All.Select(fault => fault with { Name = $"halted, {fault.Name}", IsHalted = true });

    /// <summary>Every fault, in the order of the table.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("kill -9", async run =>
        {
            await run.Node.KillAsync();
            await run.AnsweredElsewhereAsync(Timing.PoolsMax);
            run.Cluster.Start(run.Victim);
        }),
        new("SIGSTOP, then CONT", async run =>
        {
            await run.Node.StopAsync();
            await run.AnsweredElsewhereAsync(Timing.PausedMax);
            await run.ExecutedElsewhereAsync(Timing.PausedMax);
            await run.Node.ContinueAsync();
        }),
        new("SIGTERM", async run =>
        {
            (int exitCode, TimeSpan time) = await run.Node.LeaveAsync();
            Assert.True(exitCode == 0, $"{run.Victim} exited with {exitCode}: {run.Node.Faults}");
            run.Note("left", time, Timing.LeaveMax);
            await run.AnsweredElsewhereAsync(Timing.PoolsMax);
            run.Cluster.Start(run.Victim);
        }),
        new("cut from the broker", async run =>
        {
            run.Cluster.BrokerOf(run.Victim).Cut();
            await run.ShownAnsweredElsewhereAsync(Timing.PoolsMax);
            await run.ExecutedElsewhereAsync(Timing.PausedMax);
            run.Cluster.BrokerOf(run.Victim).Mend();
        }),
        new("no answer from the broker", async run =>
        {
            run.Cluster.BrokerOf(run.Victim).Hang();
            await run.ShownAnsweredElsewhereAsync(Timing.PausedMax);
            await run.ExecutedElsewhereAsync(Timing.PausedMax);
            run.Cluster.BrokerOf(run.Victim).Mend();
        }),
        new("cut from the database", async run =>
        {
            run.Cluster.DatabaseOf(run.Victim).Cut();
            await run.HaltedByJournalAsync();
            await run.AnsweredElsewhereAsync(Timing.CutFromDatabaseMax);
            await run.ExecutedElsewhereAsync(Timing.CutFromDatabaseMax);
            run.Cluster.DatabaseOf(run.Victim).Mend();
        }),
        new("no answer from the database", async run =>
        {
            run.Cluster.DatabaseOf(run.Victim).Hang();
            await run.HaltedByJournalAsync();
            await run.AnsweredElsewhereAsync(Timing.NoAnswerFromDatabaseMax);
            await run.ExecutedElsewhereAsync(Timing.NoAnswerFromDatabaseMax);
            run.Cluster.DatabaseOf(run.Victim).Mend();
        }),
        new("broker restarted", run =>
        {
            run.Cluster.Servers.Rabbit.Kill();
            run.Cluster.Servers.Rabbit.Launch();
            return Task.CompletedTask;
        }),
        new("database restarted", run =>
        {
            run.Cluster.Servers.Postgres.Kill();
            run.Cluster.Servers.Postgres.Launch();
            return Task.CompletedTask;
        }),
    ];
}
