using QTrade.Solana;

namespace QTrade.Node.Solana;

/// <summary>Mints that everybody knows: for showing, and as the tokens that values rest on.</summary>
internal static class WellKnownMints
{
    /// <summary>Wrapped SOL.</summary>
    public static Address Sol { get; } = Address.Parse("So11111111111111111111111111111111111111112");

    /// <summary>USD Coin.</summary>
    public static Address Usdc { get; } = Address.Parse("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");

    /// <summary>Tether USD.</summary>
    public static Address Usdt { get; } = Address.Parse("Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB");

    /// <summary>Its ticker, null where it is not known.</summary>
    public static string? SymbolOf(in Address mint) => mint == Sol ? "SOL" : mint == Usdc ? "USDC" : mint == Usdt ? "USDT" : null;

    /// <summary>Its decimals, null where it is not known.</summary>
    public static int? DecimalsOf(in Address mint) => mint == Sol ? 9 : mint == Usdc || mint == Usdt ? 6 : null;
}
