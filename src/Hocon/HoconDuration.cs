namespace QTrade.Hocon;

/// <summary>Durations as HOCON spells them: a number and a unit, blanks between them allowed; without a unit, milliseconds.</summary>
public static class HoconDuration
{
    private const decimal TicksPerMicrosecond = 10m;

    /// <summary>Reads a duration; a part of a tick (100 ns) is rounded to the nearest.</summary>
    /// <returns>False for anything else, and for what a <see cref="TimeSpan"/> cannot hold.</returns>
    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = default;
        if (!NumberWithUnit.TrySplit(text, out decimal number, out string unit) || TicksOf(unit) is not { } ticks)
            return false;
        if (Math.Abs(number) > long.MaxValue / Math.Max(ticks, 1m))
            return false;
        value = TimeSpan.FromTicks((long)Math.Round(number * ticks));
        return true;
    }

    private static decimal? TicksOf(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => TicksPerMicrosecond / 1000,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TicksPerMicrosecond,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };
}
