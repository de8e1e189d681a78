namespace QTrade.Markets;

/// <summary>What the amounts, reserves, prices and values of a market count.</summary>
public enum AmountUnit
{
    /// <summary>Whole tokens; fractions are amounts too.</summary>
    Whole,

    /// <summary>Base units, as the chain counts (lamports): amounts are integers.</summary>
    Base,
}
