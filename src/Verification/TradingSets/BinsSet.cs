using QTrade.Verification.Arithmetic;

namespace QTrade.Verification.TradingSets;

/// <summary>
/// Bins of constant price: y + price x within each, nothing below zero. Every bin keeps its own invariant, so T is the sum of the bins'
/// sets and the best trade fills them in the order of what they give per unit tendered, after their fees.
/// </summary>
internal sealed class BinsSet : WalkSet
{
    private readonly LinearBin[] bins;
    private readonly Real[] bestGamma;
    private readonly Piece[]?[] byRate = new Piece[]?[2];

    public BinsSet(TradingTerms terms, ReadOnlySpan<LinearBin> bins)
        : base(terms)
    {
        this.bins = bins.ToArray();
        bestGamma = [terms.Gamma(0), terms.Gamma(1)];
        foreach (LinearBin bin in bins)
        {
            for (int token = 0; token < 2; token++)
                bestGamma[token] = Real.Max(bestGamma[token], GammaOf(bin, token));
        }
    }

    protected override Real BestGamma(int token) => bestGamma[token];

    public override Real Arbitrage(ReadOnlySpan<Real> prices)
    {
        Real arbitrage = Real.Zero;
        for (int tokenIn = 0; tokenIn < 2; tokenIn++)
            arbitrage = Real.Max(arbitrage, Best(tokenIn, prices[tokenIn], prices[1 - tokenIn] * Terms.OutFactor(1 - tokenIn)));
        return arbitrage;
    }

    protected override Real MostReceived(int tokenIn, Real tender)
    {
        Real output = Real.Zero;
        foreach (Piece piece in Pieces(tokenIn))
        {
            if (tender <= piece.Tender)
                return (output + tender * piece.Rate) * Terms.OutFactor(1 - tokenIn);
            tender -= piece.Tender;
            output += piece.Available;
        }
        return output * Terms.OutFactor(1 - tokenIn);
    }

    protected override Real Holding(int token)
    {
        Real holding = Real.Zero;
        foreach (LinearBin bin in bins)
            holding += token == 0 ? bin.X : bin.Y;
        return holding;
    }

    private Real Best(int tokenIn, Real priceIn, Real valueOut)
    {
        Real? left = Terms.MaxTender(tokenIn);
        Real value = Real.Zero;
        foreach (Piece piece in Pieces(tokenIn))
        {
            Real gain = valueOut * piece.Rate - priceIn;
            if (gain.Sign <= 0)
                break;
            if (left is { } bound && piece.Tender >= bound)
                return value + gain * bound;
            value += gain * piece.Tender;
            left -= piece.Tender;
        }
        return value;
    }

    /// <summary>What selling the token can buy, the most output per unit tendered first.</summary>
    private Piece[] Pieces(int tokenIn)
    {
        if (byRate[tokenIn] is { } known)
            return known;
        var pieces = new List<Piece>(bins.Length);
        foreach (LinearBin bin in bins)
        {
            double available = tokenIn == 0 ? bin.Y : bin.X;
            if (available > 0)
            {
                Real rate = tokenIn == 0 ? GammaOf(bin, tokenIn) * bin.Price : GammaOf(bin, tokenIn) / bin.Price;
                pieces.Add(new Piece(rate, available, available / rate));
            }
        }
        pieces.Sort((a, b) => b.Rate.CompareTo(a.Rate));
        return byRate[tokenIn] = [.. pieces];
    }

    private Real GammaOf(LinearBin bin, int tokenIn) => bin.Fee is { } fee ? (Real.One - fee) * Terms.TokenGamma(tokenIn) : Terms.Gamma(tokenIn);

    /// <summary>Rate: output per unit tendered; Available: output the bin has (before the fee on what comes out); Tender: what buys all of it.</summary>
    private readonly record struct Piece(Real Rate, Real Available, Real Tender);
}
