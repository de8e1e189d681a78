using QTrade.Markets;

namespace QTrade.Node.Explanations;

/// <summary>A market's tokens and amounts as people read them: symbols, whole tokens.</summary>
internal sealed class MarketText(Market market)
{
    private const int IdShown = 6;
    private readonly Dictionary<TokenId, Token> _tokens = market.Tokens.ToDictionary(token => token.Id);

    public string Amount(TokenAmount amount) => $"{Number(Whole(amount.Token, amount.Amount))} {Name(amount.Token)}";

    public string Amounts(IEnumerable<TokenAmount> amounts) => string.Join(" + ", amounts.Select(Amount));

    public string Name(TokenId token) => Name(_tokens[token]);

    /// <summary>The amount in whole tokens, where their decimals are known.</summary>
    public double Whole(TokenId token, double amount) => amount / UnitsPerWhole(_tokens[token]);

    /// <summary>The price of a whole token.</summary>
    public double WholePrice(TokenId token, double price) => price * UnitsPerWhole(_tokens[token]);

    /// <summary>The dearest tokens and what they are worth, so that a person knows the unit of values.</summary>
    public string Values(int named)
    {
        string[] values =
        [
            .. market.Tokens.Where(token => token.Value > 0)
                .OrderByDescending(token => WholePrice(token.Id, token.Value))
                .Take(named)
                .Select(token => $"1 {Name(token)} = {Number(WholePrice(token.Id, token.Value))}"),
        ];
        return values.Length == 0 ? "no token has a value" : string.Join(", ", values);
    }

    public static string Number(double value) => Math.Abs(value) is 0 or (>= 1e-3 and < 1e9) ? value.ToString("#,0.######", null) : value.ToString("0.####e+0", null);

    private static string Name(Token token) =>
        token.Symbol ?? (token.Id.Value.Length > IdShown + 2 ? $"{token.Id.Value[..IdShown]}.." : token.Id.Value);

    private double UnitsPerWhole(Token token)
    {
        double units = 1;
        for (int i = 0; market.Units == AmountUnit.Base && i < (token.Decimals ?? 0); i++)
            units *= 10;
        return units;
    }
}
