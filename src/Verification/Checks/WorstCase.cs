namespace QTrade.Verification.Checks;

/// <summary>The largest value met and where it stood.</summary>
internal sealed class WorstCase
{
    public double Value { get; private set; }

    public string? Where { get; private set; }

    public void Meet(double value, string where)
    {
        if (Where is not null && value <= Value)
            return;
        Value = value;
        Where = where;
    }
}
