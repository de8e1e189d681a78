using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using QTrade.Solana;

namespace QTrade.Node.Feeds;

/// <summary>What whole tokens are worth, by mint, as written in the setting <c>solana.values</c>: MINT=VALUE, separated by commas.</summary>
public sealed class TokenValues
{
    private readonly FrozenDictionary<Address, double> _values;

    private TokenValues(FrozenDictionary<Address, double> values) => _values = values;

    /// <summary>Reads the setting.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TokenValues? values, [NotNullWhen(false)] out string? error)
    {
        values = null;
        var found = new Dictionary<Address, double>();
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split('=', StringSplitOptions.TrimEntries);
            if (parts.Length != 2
                || !Address.TryParse(parts[0], out var mint)
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !double.IsFinite(value)
                || value < 0)
            {
                error = $"'{entry}' is not MINT=VALUE with the mint in base58 and a value of at least 0";
                return false;
            }

            found[mint] = value;
        }

        error = null;
        values = new TokenValues(found.ToFrozenDictionary());
        return true;
    }

    /// <summary>
    /// Value of one base unit; 0 for a token that is not wanted as profit, and for one whose decimals nobody told: how much a base unit of it is cannot be known.
    /// </summary>
    public double OfBaseUnit(Address mint, int? decimals)
    {
        if (decimals is null)
            return 0;
        var value = _values.GetValueOrDefault(mint);
        for (var digit = 0; digit < decimals; digit++)
            value /= 10;
        return value;
    }
}
