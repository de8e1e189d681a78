using System.ComponentModel.DataAnnotations;
using QTrade.Hocon;

namespace QTrade.Node.Configuration;

/// <summary>Bounds of a duration, both allowed, as HOCON spells them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    public string Minimum => minimum;

    public string Maximum => maximum;

    public override bool IsValid(object? value) => value is TimeSpan duration && duration >= Read(minimum) && duration <= Read(maximum);

    public override string FormatErrorMessage(string name) => $"must lie between {minimum} and {maximum}";

    private static TimeSpan Read(string text) =>
        HoconDuration.TryParse(text, out TimeSpan duration) ? duration : throw new FormatException($"'{text}' is no duration");
}
