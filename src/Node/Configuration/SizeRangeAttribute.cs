using System.ComponentModel.DataAnnotations;
using QTrade.Hocon;

namespace QTrade.Node.Configuration;

/// <summary>Bounds of a size in bytes, both allowed, as HOCON spells them. Marks a number as a size.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SizeRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    public string Minimum => minimum;

    public string Maximum => maximum;

    public override bool IsValid(object? value) => value is long bytes && bytes >= Read(minimum) && bytes <= Read(maximum);

    public override string FormatErrorMessage(string name) => $"must lie between {minimum} and {maximum}";

    private static long Read(string text) => HoconSize.TryParse(text, out long bytes) ? bytes : throw new FormatException($"'{text}' is no size");
}
