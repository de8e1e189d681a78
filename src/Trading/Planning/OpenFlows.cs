using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace QTrade.Trading.Planning;

/// <summary>What is left to route of a solution's flows, by the token that they take. Flows only ever shrink and close.</summary>
internal sealed class OpenFlows
{
    // What is left below this share of the whole is rounding, not flow.
    private const double Dust = 1e-9;

    private readonly PoolFlow[] flows;
    private readonly double[] dust;
    private readonly Rest[] rests;

    // The open flows that take token t are byToken[first[t]] to byToken[end[t] - 1], in no order; flow f is at place[f].
    private readonly int[] byToken;
    private readonly int[] place;
    private readonly int[] first;
    private readonly int[] end;

    // The same by the token that they give, closed ones too.
    private readonly int[] byTokenOut;
    private readonly int[] firstOut;

    // What each flow still gains at the dual prices; whether none loses.
    private readonly double[] gain;
    private readonly bool allGain = true;
    private readonly ImmutableArray<double> prices;

    // What is left to tender of each token.
    private readonly double[] turnover;

    /// <param name="flows">The flows.</param>
    /// <param name="prices">Dual prices, one per token of the market.</param>
    public OpenFlows(List<PoolFlow> flows, ImmutableArray<double> prices)
    {
        var tokens = prices.Length;
        this.flows = [.. flows];
        this.prices = prices;
        gain = new double[flows.Count];
        dust = new double[flows.Count];
        rests = new Rest[flows.Count];
        byToken = new int[flows.Count];
        place = new int[flows.Count];
        first = new int[tokens + 1];
        end = new int[tokens];
        byTokenOut = new int[flows.Count];
        firstOut = new int[tokens + 1];
        turnover = new double[tokens];
        for (var f = 0; f < flows.Count; f++)
        {
            rests[f] = new Rest(flows[f].Tender, flows[f].Receive, flows[f].Receive / flows[f].Tender, flows[f].TokenIn, flows[f].TokenOut);
            dust[f] = flows[f].Tender * Dust;
            gain[f] = GainOf(f, flows[f].Tender, flows[f].Receive);
            allGain &= gain[f] >= 0;
            first[flows[f].TokenIn + 1]++;
            firstOut[flows[f].TokenOut + 1]++;
        }

        for (var token = 0; token < tokens; token++)
        {
            first[token + 1] += first[token];
            firstOut[token + 1] += firstOut[token];
        }

        var next = firstOut.AsSpan(0, tokens).ToArray();
        first.AsSpan(0, tokens).CopyTo(end);
        for (var f = 0; f < flows.Count; f++)
        {
            byTokenOut[next[flows[f].TokenOut]++] = f;
            if (!IsOpen(f))
                continue;
            place[f] = end[flows[f].TokenIn]++;
            byToken[place[f]] = f;
            turnover[flows[f].TokenIn] += flows[f].Tender;
        }
    }

    /// <summary>What is left of a flow, side by side as searches read it: tender, what that is to receive, the average rate of both; and its tokens.</summary>
    public readonly record struct Rest(double Tender, double Receive, double Rate, int TokenIn, int TokenOut)
    {
        /// <summary>What an amount receives at the average rate of what is left, up to all of it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double Through(double amount) => amount >= Tender ? Receive : Math.Min(Receive, amount * Rate);
    }

    public int Count => flows.Length;

    /// <summary>A flow as the solution has it, whole.</summary>
    public ref readonly PoolFlow this[int flow] => ref flows[flow];

    /// <summary>What is left of a flow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Rest Left(int flow) => ref rests[flow];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOpen(int flow) => rests[flow].Tender > dust[flow] && rests[flow].Receive > 0;

    /// <summary>The open flows that take a token, in no order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Taking(int token) => byToken.AsSpan(first[token]..end[token]);

    /// <summary>The flows that give a token, in order; closed ones too.</summary>
    public ReadOnlySpan<int> Giving(int token) => byTokenOut.AsSpan(firstOut[token]..firstOut[token + 1]);

    /// <summary>What is left to tender of a token; 0 where no flow that takes it is open.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Turnover(int token) => turnover[token];

    /// <summary>Whether all that is left gains more than so much at the dual prices, in value units.</summary>
    public bool GainMoreThan(double gained)
    {
        var sum = 0.0;
        for (var flow = 0; flow < flows.Length && !(allGain && sum > gained); flow++)
            sum += IsOpen(flow) ? gain[flow] : 0;
        return sum > gained;
    }

    /// <summary>What is left of a flow gains so much at the dual prices, in value units.</summary>
    public double Gain(int flow) => gain[flow];

    public void Use(int flow, double tendered, double received)
    {
        var wasOpen = IsOpen(flow);
        gain[flow] = Math.Max(0, gain[flow] - GainOf(flow, tendered, received));
        ref var rest = ref rests[flow];
        double tender = rest.Tender - tendered, receive = rest.Receive - received;
        rest = rest with { Tender = tender, Receive = receive, Rate = receive / tender };
        if (wasOpen)
            TakeOut(flow, tendered);
    }

    public void Close(int flow)
    {
        var (wasOpen, left) = (IsOpen(flow), rests[flow].Tender);
        rests[flow] = rests[flow] with { Tender = 0 };
        if (wasOpen)
            TakeOut(flow, left);
    }

    /// <summary>Takes what a flow that was open lost out of its token's turnover, and the flow out of its token's where that closed it.</summary>
    private void TakeOut(int flow, double tendered)
    {
        var token = flows[flow].TokenIn;
        if (IsOpen(flow))
        {
            turnover[token] -= tendered;
            return;
        }

        var moved = byToken[--end[token]];
        (byToken[place[flow]], place[moved]) = (moved, place[flow]);

        // Added up anew: next to a large flow that closed, what is left of small ones would be lost in its roundings.
        turnover[token] = 0;
        foreach (var open in Taking(token))
            turnover[token] += rests[open].Tender;
    }

    private double GainOf(int flow, double tendered, double received) =>
        (received * prices[flows[flow].TokenOut]) - (tendered * prices[flows[flow].TokenIn]);
}
