using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>A fact of <c>token/&lt;id&gt;</c>.</summary>
public interface ITokenEvent : IMarketChange
{
    TokenId TokenId { get; }
}
