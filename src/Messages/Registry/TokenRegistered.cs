using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>What is known of a token from now on: mint, symbol, decimals, value c, holding h.</summary>
/// <param name="Sequence">Sequence number of this event in <c>token/&lt;id&gt;</c>, from 1.</param>
/// <param name="Token">The token.</param>
public sealed record TokenRegistered(long Sequence, Token Token) : ITokenEvent
{
    public TokenId TokenId => Token.Id;
}
