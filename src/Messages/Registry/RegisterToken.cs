using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>Registers a token or changes what is known of it: mint, symbol, decimals, value c, holding h.</summary>
public sealed record RegisterToken(Token Token) : ITokenMessage
{
    public TokenId TokenId => Token.Id;
}
