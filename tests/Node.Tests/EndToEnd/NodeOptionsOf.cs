using QTrade.Node.Configuration;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>Settings of the nodes that specs run.</summary>
internal static class NodeOptionsOf
{
    /// <summary>One optimizer, snapshots no closer than the interval, a feed of so many updates a second.</summary>
    public static NodeOptions Calm(double rate, TimeSpan minInterval, ulong seed = 1) => new()
    {
        Simulation = new SimulationOptions { Rate = rate, Seed = seed, NoisePerFee = 0.6 },
        Router = new RouterOptions { MinInterval = minInterval, CheckInterval = TimeSpan.FromSeconds(30) },
        Solver = new SolverOptions { WorkerThreads = 1 },
    };
}
