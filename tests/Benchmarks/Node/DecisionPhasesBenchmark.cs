using System.Diagnostics;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node.Configuration;
using QTrade.Trading;
using QTrade.Trading.Planning;
using QTrade.Trading.Problems;
using QTrade.Trading.Routing;

namespace QTrade.Benchmarks.Node;

/// <summary>
/// What one decision on the real market is made of, phase by phase on one thread, without actors and journal: each snapshot differs from the
/// one before in one pool, as in <see cref="DecisionLatencyBenchmark"/>, and begins from the decision before.
/// </summary>
public sealed class DecisionPhasesBenchmark : IBenchmark
{
    private static readonly string[] Phases =
        ["update", "cut", "mark the cut", "encode the hand-out", "apply the hand-out", "solve", "plan the routes", "decide", "encode the decision", "apply the decision"];

    private readonly double[][] _times = new double[Phases.Length][];
    private readonly double[] _bytes = new double[Phases.Length];
    private int _phase;
    private int _sample;

    public string Name => "phases";

    public string About => "what one decision on the Orca market is made of: processor time and allocated bytes";

    public void Run(BenchmarkContext context)
    {
        if (!MarketFile.TryReadFile(Path.Combine(AppContext.BaseDirectory, DecisionLatencyBenchmark.Market), out var market, out _, out var error))
            throw new InvalidOperationException(error.ToString());
        int samples = context.Size(full: 300, smoke: 3), warmUp = context.Size(full: 150, smoke: 1);
        for (var phase = 0; phase < Phases.Length; phase++)
            _times[phase] = new double[samples];
        var (view, state) = (ViewOf(market), RouterState.Initial);
        var options = new NodeOptions().ForRouter();
        state = Apply(state, RouterRules.Start(state, DateTimeOffset.UnixEpoch, market.Units));
        for (var decision = 0; decision < warmUp + samples; decision++)
        {
            _sample = decision - warmUp;
            state = Decide(market, view, state, options, decision);
        }

        for (var phase = 0; phase < Phases.Length; phase++)
        {
            Array.Sort(_times[phase]);
            context.Report($"{Phases[phase]}: p10", _times[phase][samples / 10], "us");
            context.Report($"{Phases[phase]}: p50", _times[phase][samples / 2], "us");
            context.Report($"{Phases[phase]}: allocated", _bytes[phase] / samples, "bytes");
        }
    }

    private RouterState Decide(Market market, MarketView view, RouterState state, Trading.Routing.RouterOptions options, int number)
    {
        _phase = 0;
        var at = DateTimeOffset.UnixEpoch.AddSeconds(number);
        var pool = market.Pools[number * 37 % market.Pools.Length];
        var factor = number / market.Pools.Length % 2 == 0 ? 1.002 : 0.998;
        var observed = new ReservesChanged(
            pool.Id, number + 2, [pool.Curve.State[0] * factor], new PositionVector(new ChainPosition((ulong)(market.Slot!.Value + number + 1), 0)));
        Time(() => view.Apply(observed));
        var offer = Time(() => SnapshotCutter.Cut(state, view, options, at))!;
        Time(view.MarkCut);
        Time(() => MessageCodec.Encode(offer.Event));
        state = Time(() => RouterJournal.Apply(state, offer.Event));
        var solved = Time(() => MarketSolver.SolveInFull(
            offer.Work.Market, offer.Work.MarketHash, MarketStart.Of(offer.Work.Market, offer.Work.StartPrices, offer.Work.StartTrades), new QTrade.Solver.SolverOptions { MaxIterations = options.Solve.IterationsMax }));
        var plan = Time(() => RoutePlanner.Plan(solved, options.Solve.Routes));
        var answer = new SnapshotSolved(offer.Work.SnapshotId, solved.Result, plan.Routes, plan.Unrouted);
        var decision = Time(() => RouterRules.Decide(state, answer, options, at));
        Time(() => Encode(decision));
        state = Time(() => Apply(state, decision));

        // As if none of it had taken effect, so that no pool is withheld from the next.
        foreach (var solution in state.Open.Values)
            state = Apply(state, RouterRules.Expire(solution, view.NewestSlot, at));
        return state;
    }

    private static RouterState Apply(RouterState state, Decision<IRouterEvent> decision)
    {
        for (var i = 0; i < decision.Count; i++)
            state = RouterJournal.Apply(state, decision[i]);
        return state;
    }

    private static int Encode(Decision<IRouterEvent> decision)
    {
        var bytes = 0;
        for (var i = 0; i < decision.Count; i++)
            bytes += MessageCodec.Encode(decision[i]).Bytes.Length;
        return bytes;
    }

    private T Time<T>(Func<T> phase)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var result = phase();
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (_sample >= 0)
        {
            _times[_phase][_sample] = elapsed.TotalMicroseconds;
            _bytes[_phase] += GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        _phase++;
        return result;
    }

    private static MarketView ViewOf(Market market)
    {
        var view = new MarketView(market.Units);
        foreach (var token in market.Tokens)
            view.Apply(new TokenRegistered(1, token));
        foreach (var pool in market.Pools)
        {
            view.Apply(new PoolConfigured(1, pool));
            view.Apply(new ReservesChanged(
                pool.Id, 1, pool.Curve.State, new PositionVector(new ChainPosition((ulong)market.Slot!.Value, 0))));
        }

        return view;
    }
}
