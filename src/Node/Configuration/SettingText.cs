using System.Globalization;
using QTrade.Hocon;

namespace QTrade.Node.Configuration;

/// <summary>Settings as people write and read them.</summary>
internal static class SettingText
{
    private static readonly (string Unit, long Ticks)[] DurationUnits =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    private static readonly string[] SizeUnits = ["PiB", "TiB", "GiB", "MiB", "KiB"];

    /// <summary>Reads a value of the setting's type.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="text">What was written.</param>
    /// <param name="value">The value, or null.</param>
    /// <param name="expected">What should have been written; null where it was.</param>
    public static bool TryRead(Setting setting, string text, out object? value, out string? expected)
    {
        (value, expected) = setting.Type switch
        {
            { } type when type == typeof(string) => (text, string.Empty),
            { } type when type == typeof(TimeSpan) => (HoconDuration.TryParse(text, out TimeSpan duration) ? duration : null, "a duration, for instance 500ms, 60s or 7d"),
            { } type when type == typeof(long) && setting.IsSize => (HoconSize.TryParse(text, out long bytes) ? bytes : null, "a size, for instance 512KiB or 10GiB"),
            { } type when type == typeof(int) => (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole : null, "a whole number"),
            { } type when type == typeof(ulong) => (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong whole) ? whole : null, "a whole number from 0"),
            { } type when type == typeof(double) => (ReadNumber(text), "a number"),
            { } type when type == typeof(bool) => (HoconBoolean.TryParse(text, out bool yes) ? yes : null, "one of true, false"),
            { } type when type.IsEnum => (ReadName(type, text), $"one of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}"),
            var type => throw new InvalidOperationException($"no setting is of type {type}"),
        };
        if (value is null)
            return false;
        expected = null;
        return true;
    }

    /// <summary>Writes a value so that <see cref="TryRead"/> reads the same.</summary>
    public static string Write(Setting setting, object? value) => value switch
    {
        TimeSpan duration => Duration(duration),
        long bytes when setting.IsSize => Size(bytes),
        bool yes => yes ? "true" : "false",
        Enum name => name.ToString().ToLowerInvariant(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    /// <summary>A duration in its largest whole unit.</summary>
    public static string Duration(TimeSpan duration)
    {
        foreach ((string unit, long ticks) in DurationUnits)
            if (duration.Ticks != 0 && duration.Ticks % ticks == 0)
                return $"{duration.Ticks / ticks}{unit}";
        return duration.Ticks == 0 ? "0s" : $"{duration.Ticks * 100}ns";
    }

    private static string Size(long bytes)
    {
        for (int i = 0; i < SizeUnits.Length; i++)
        {
            long unit = 1L << (10 * (SizeUnits.Length - i));
            if (bytes != 0 && bytes % unit == 0)
                return $"{bytes / unit}{SizeUnits[i]}";
        }

        return $"{bytes}B";
    }

    private static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    private static object? ReadName(Type type, string text) =>
        Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name) : null;
}
