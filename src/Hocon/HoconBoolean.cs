namespace QTrade.Hocon;

/// <summary>Booleans as HOCON spells them.</summary>
public static class HoconBoolean
{
    /// <summary>Reads <c>true</c>, <c>yes</c>, <c>on</c>, <c>false</c>, <c>no</c>, <c>off</c>.</summary>
    public static bool TryParse(string? text, out bool value)
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    }
}
