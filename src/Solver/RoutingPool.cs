using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// One pool of a routing problem: its trading set T with fees and trading bounds. A kind of pool is one class that derives from this one;
/// nothing else has to know of it.
/// <para>
/// A pool is a few <b>legs</b>, each taking one token in and giving another out: a pool of two tokens has leg 0 (token 0 in) and leg 1
/// (token 1 in). A pool of more tokens goes through a hub, a token of its own that only its legs trade. A leg is a list of
/// <b>edges</b> in the order in which they fill: net input f in [0, cap] at a concave output g(f), the tender being f / gamma. The interior
/// point works on edges, printed trades are made on legs, the certificate asks for <see cref="Arbitrage"/>.
/// </para>
/// <para>Amounts are in the tokens' own units. f is after the fee on what goes in, g after the fee on what comes out.</para>
/// </summary>
public abstract class RoutingPool
{
    private readonly DoubleDouble gamma, gammaOut;

    // Where fees depend on the token: of what goes in of each, then of what comes out.
    private readonly DoubleDouble[]? tokenGamma;

    private LegTerms forth, back;

    /// <param name="tokens">A_i, the problem's index of each of the pool's tokens, all different.</param>
    /// <param name="fee">Fee on what goes in, in [0, 1).</param>
    /// <param name="feeOut">Fee on what comes out, in [0, 1).</param>
    /// <param name="maxTender">Trading bound per token (Delta_a at most this), infinity for none; empty for none at all.</param>
    /// <param name="tokenFees">Fees that depend on the token, on top of both; null for none.</param>
    protected RoutingPool(ImmutableArray<int> tokens, double fee, double feeOut, ImmutableArray<double> maxTender, TokenFees? tokenFees = null)
    {
        Tokens = tokens;
        Fee = fee;
        FeeOut = feeOut;
        MaxTender = maxTender.IsDefault ? [] : maxTender;
        gamma = DoubleDouble.Sum(1, -fee);
        gammaOut = DoubleDouble.Sum(1, -feeOut);
        TokenFees = tokenFees;
        tokenGamma = tokenFees?.Gammas(tokens.IsDefault ? 0 : tokens.Length, gamma, gammaOut);
    }

    /// <summary>A_i, the local-to-global token index.</summary>
    public ImmutableArray<int> Tokens { get; }

    /// <summary>Fee on what goes in.</summary>
    public double Fee { get; }

    /// <summary>Fee on what comes out.</summary>
    public double FeeOut { get; }

    /// <summary>Fees that depend on the token; null for none.</summary>
    public TokenFees? TokenFees { get; }

    /// <summary>Trading bounds on Delta, per token; empty for none.</summary>
    public ImmutableArray<double> MaxTender { get; }

    /// <summary>Whether the answer may rest on linear or near-linear pieces, where the format allows a wider gap.</summary>
    public virtual bool IsPiecewise => false;

    /// <summary>
    /// Whether a change of the excess by some roundings changes what the pool trades by next to nothing more than its rise tells, so that near its best trade its value may be taken from the flows:
    /// not where one piece of a curve may be any number of times as deep as the one before.
    /// </summary>
    protected internal virtual bool IsSmooth => false;

    /// <summary>Whether every edge's slope is the same at all inputs.</summary>
    protected internal virtual bool IsLinear => false;

    /// <summary>What the fees leave of what goes in of a local token: gamma = (1 - fee) (1 - its own fee).</summary>
    protected DoubleDouble Gamma(int token) => tokenGamma is null ? gamma : tokenGamma[token];

    /// <summary>What they leave of what comes out of it.</summary>
    protected DoubleDouble GammaOut(int token) => tokenGamma is null ? gammaOut : tokenGamma[Tokens.Length + token];

    /// <summary>Whether the legs meet in a hub; its local index is the number of tokens.</summary>
    protected internal virtual bool HasHub => false;

    /// <summary>Number of legs.</summary>
    protected internal virtual int LegCount => 2;

    /// <summary>Local index of the token that the leg takes in.</summary>
    protected internal virtual int LegInput(int leg) => leg;

    /// <summary>Local index of the token that the leg gives out.</summary>
    protected internal virtual int LegOutput(int leg) => 1 - leg;

    /// <summary>Number of edges of the leg; 0 when nothing can ever be traded on it.</summary>
    protected internal abstract int EdgeCount(int leg);

    /// <summary>
    /// What does not change while solving, per edge: gamma; cap, the bound on f (infinity for none); scale, the f over which the slope falls
    /// by a good part (where it starts to trade in earnest).
    /// </summary>
    protected internal abstract void Describe(int leg, Span<double> gamma, Span<double> cap, Span<double> scale);

    /// <summary>
    /// At net inputs f (0 &lt;= f &lt;= cap), per edge: slope g'(f) and curvature -g''(f)/g'(f). <paramref name="output"/> gets g(f).
    /// <paramref name="cell"/> is a number that the edge may keep from one call to the next and that tells by a change of
    /// value that the edge moved to another smooth piece of its curve.
    /// </summary>
    protected internal abstract void Evaluate(
        int leg, ReadOnlySpan<double> f, Span<double> output, Span<double> slope, Span<double> curvature, Span<int> cell);

    /// <summary>Whether the pool's legs know what is best at given prices (<see cref="Answer"/> or <see cref="DescribeMean"/>), as the Newton method needs; two tokens only.</summary>
    protected internal virtual bool AnswersToPrices => HasConstantMean;

    /// <summary>Whether both legs are of the form received = Y (1 - (1 + tender / X)^-r), described by <see cref="DescribeMean"/>.</summary>
    protected internal virtual bool HasConstantMean => false;

    /// <summary>X, Y and r of a leg of constant mean, X and Y with the fees in them.</summary>
    protected internal virtual void DescribeMean(int leg, out double tenderScale, out double outputScale, out double ratio) =>
        throw new NotSupportedException($"{GetType().Name} has no constant mean");

    /// <summary>
    /// What is best on the leg where its output is worth e^excess (excess >= 0) of its input at the beginning of the curve: tender, receive, d receive / d excess.
    /// <paramref name="cell"/> is a number that the leg may keep from one call to the next, -1 at first.
    /// </summary>
    protected internal virtual void Answer(int leg, double excess, ref int cell, out double tender, out double received, out double rise) =>
        throw new NotSupportedException($"{GetType().Name} does not answer to prices");

    /// <summary>
    /// <see cref="Answer"/> where the output is worth 1 + <paramref name="gain"/> of the input at the beginning of the curve. <paramref name="cell"/> is where either leg was last, -1 at first: where a leg
    /// may look first, if it makes sure that this is one of its own, as long as that changes no bit.
    /// </summary>
    internal virtual void AnswerToGain(int leg, double gain, ref int cell, out double tender, out double received, out double rise)
    {
        int none = -1;
        Answer(leg, Elementary.Log1P(gain), ref none, out tender, out received, out rise);
    }

    /// <summary><see cref="Receive"/> in doubles, at most 2e-14 of it less and never more; <paramref name="cell"/> is as for <see cref="AnswerToGain"/>.</summary>
    internal virtual double ReceiveAtLeast(int leg, double tender, ref int cell) => Receive(leg, tender).RoundedDown();

    /// <summary>An upper bound on <see cref="LegArbitrage"/>, 5e-11 of it above it at most, where <see cref="AnswerToGain"/> told what is best at the prices.</summary>
    internal virtual double ArbitrageAtMost(int leg, double priceIn, double priceOut, double tender, double received) => LegArbitrage(leg, priceIn, priceOut).Hi;

    /// <summary>The most that may be tendered on the leg: the bound, or what uses it up; infinity for neither.</summary>
    protected internal abstract double MostTender(int leg);

    /// <summary>The most that the leg can give when its tender grows without bound, in units of the token it gives.</summary>
    protected internal abstract double MostReceived(int leg);

    /// <summary>The best output for a tender up to <see cref="MostTender"/>, all fees taken, as exact as double-double arithmetic is.</summary>
    protected internal abstract DoubleDouble Receive(int leg, double tender);

    /// <summary>Most output per unit tendered, after fees, on a leg with edges: that of its first edge at 0.</summary>
    protected internal virtual double BestRate(int leg)
    {
        int edges = EdgeCount(leg);
        double[] numbers = new double[5 * edges];
        Span<double> gamma = numbers.AsSpan(0, edges), slope = numbers.AsSpan(3 * edges, edges);
        Describe(leg, gamma, numbers.AsSpan(edges, edges), numbers.AsSpan(2 * edges, edges));
        Evaluate(
            leg, new double[edges], numbers.AsSpan(edges, edges), slope, numbers.AsSpan(2 * edges, edges), new int[edges]);
        return gamma[0] * slope[0];
    }

    /// <summary>
    /// <see cref="Receive"/> to within a few roundings of doubles, not rounded down, and the output per unit tendered at the margin: for looking around, not for printing.
    /// </summary>
    protected internal virtual double Quote(int leg, double tender, out double marginal)
    {
        int edges = EdgeCount(leg), last = 0;
        double[] numbers = new double[7 * edges];
        Span<double> gamma = numbers.AsSpan(0, edges), cap = numbers.AsSpan(edges, edges), fill = numbers.AsSpan(2 * edges, edges);
        Span<double> output = numbers.AsSpan(3 * edges, edges), slope = numbers.AsSpan(4 * edges, edges);
        Describe(leg, gamma, cap, numbers.AsSpan(5 * edges, edges));
        double left = tender, received = 0;
        for (int e = 0; e < edges; e++)
        {
            fill[e] = Math.Min(cap[e], left * gamma[e]);
            left = Math.Max(0, left - (fill[e] / gamma[e]));
            if (fill[e] > 0)
                last = e;
        }

        Evaluate(leg, fill, output, slope, numbers.AsSpan(6 * edges, edges), new int[edges]);
        foreach (double part in output)
            received += part;
        marginal = slope[last] * gamma[last];
        return received;
    }

    /// <summary>
    /// Best value of a leg alone: max over its tenders of priceOut received - priceIn tendered. Exact to 1e-20 relative and never below
    /// the true value by more.
    /// </summary>
    protected internal abstract DoubleDouble LegArbitrage(int leg, double priceIn, double priceOut);

    /// <summary>
    /// arb_i(nu) = max { nu.(Lambda - Delta) : (Delta, Lambda) in T_i } at the prices of the pool's own tokens, as <see cref="LegArbitrage"/> is exact.
    /// </summary>
    protected internal virtual DoubleDouble Arbitrage(ReadOnlySpan<double> prices)
    {
        DoubleDouble value = DoubleDouble.Zero;
        for (int leg = 0; leg < LegCount; leg++)
        {
            if (EdgeCount(leg) > 0)
                value += LegArbitrage(leg, prices[LegInput(leg)], prices[LegOutput(leg)]);
        }

        return value;
    }

    /// <summary>
    /// The pool's marginal price without fees, of local token <paramref name="of"/> in units of local token <paramref name="per"/>, after it
    /// took the tender and gave the receive (both zero for the price before).
    /// </summary>
    protected internal abstract double MarginalPrice(int of, int per, ReadOnlySpan<double> tender, ReadOnlySpan<double> receive);

    /// <summary>Whether the pool is in order, has two legs between two tokens, and keeps their terms.</summary>
    internal bool IsPair { get; private set; }

    /// <summary>The tokens of such a pool.</summary>
    internal int FirstToken { get; private set; }

    internal int SecondToken { get; private set; }

    /// <summary>The kept terms of its legs.</summary>
    internal ref readonly LegTerms Forth => ref forth;

    internal ref readonly LegTerms Back => ref back;

    /// <summary>A leg's terms, kept or found.</summary>
    internal LegTerms TermsOf(int leg) => !IsPair ? Terms(leg) : leg == 0 ? forth : back;

    /// <summary>
    /// Keeps what every load of a problem asks of a pool: it is the pool's alone, and a market has many. A kind's constructor ends with it where the pool is in order; kinds that do without are asked each time.
    /// </summary>
    private protected void KeepTerms()
    {
        if (LegCount != 2 || HasHub)
            return;
        (FirstToken, SecondToken) = (Tokens[0], Tokens[1]);
        forth = Terms(0);
        back = Terms(1);
        IsPair = true;
    }

    /// <summary>Whether <see cref="Defect"/> is null.</summary>
    internal bool IsSound(int tokenCount) => IsPair ? FirstToken < tokenCount && SecondToken < tokenCount : Defect(tokenCount) is null;

    /// <summary>Finds a leg's terms; kinds that know them without describing its edges say so faster.</summary>
    private protected virtual LegTerms Terms(int leg)
    {
        LegTerms terms = default;
        terms.Best = EdgeCount(leg) == 0 ? 0 : BestRate(leg);
        if (terms.Best == 0)
            return terms;
        terms.MostTender = MostTender(leg);
        terms.MostReceived = MostReceived(leg);
        if (HasConstantMean)
            DescribeMean(leg, out terms.TenderScale, out terms.OutputScale, out terms.Ratio);
        terms.Form = IsLinear && LegCount == 2 ? LegForm.Linear
            : !AnswersToPrices ? LegForm.None
            : !HasConstantMean ? LegForm.Curve
            : LegForm.Mean;
        return terms;
    }

    /// <summary>
    /// Per edge of a leg of linear pieces: the logarithm of the first one's output per unit tendered over its own, what it takes and what it gives at most. Kinds that keep these say so faster.
    /// </summary>
    internal virtual void DescribePieces(int leg, Span<double> kink, Span<double> tender, Span<double> received)
    {
        int edges = EdgeCount(leg);
        double[] gamma = new double[edges], cap = new double[edges], slope = new double[edges], unused = new double[edges];
        Describe(leg, gamma, cap, unused);
        Evaluate(leg, new double[edges], new double[edges], slope, unused, new int[edges]);
        for (int e = 0; e < edges; e++)
        {
            kink[e] = e == 0 ? 0 : Elementary.Log(gamma[0] * slope[0] / (gamma[e] * slope[e]));
            tender[e] = cap[e] / gamma[e];
            received[e] = cap[e] * slope[e];
        }
    }

    /// <summary>What is out of range in this pool, or null. Kinds add their own checks.</summary>
    protected internal virtual string? Defect(int tokenCount)
    {
        if (Tokens.IsDefault || Tokens.Length < 2)
            return "a pool trades at least two tokens";
        for (int k = 0; k < Tokens.Length; k++)
        {
            if ((uint)Tokens[k] >= (uint)tokenCount)
                return $"token {Tokens[k]} does not exist";
            for (int l = 0; l < k; l++)
            {
                if (Tokens[l] == Tokens[k])
                    return $"token {Tokens[k]} appears twice";
            }
        }

        if (!(Fee >= 0 && Fee < 1))
            return $"fee is {Fee}: it must be in [0, 1)";
        if (!(FeeOut >= 0 && FeeOut < 1))
            return $"feeOut is {FeeOut}: it must be in [0, 1)";
        if (TokenFees?.Defect(Tokens.Length) is { } defect)
            return defect;
        if (MaxTender.Length != 0 && MaxTender.Length != Tokens.Length)
            return $"maxTender has {MaxTender.Length} entries for {Tokens.Length} tokens";
        foreach (double bound in MaxTender)
        {
            if (!(bound >= 0))
                return $"maxTender is {bound}: it must not be negative";
        }

        return null;
    }

    /// <summary>
    /// An output of a curve that never gives all of a reserve, kept a rounding below that reserve: what remains may be less than the
    /// reserve's last digit.
    /// </summary>
    protected DoubleDouble BelowReserve(DoubleDouble output, int token, double reserve) =>
        DoubleDouble.Min(output, GammaOut(token) * Math.BitDecrement(reserve));

    /// <summary>The bound on what is tendered of a local token; infinity for none.</summary>
    protected double Bound(int token) => MaxTender.IsEmpty ? double.PositiveInfinity : MaxTender[token];
}
