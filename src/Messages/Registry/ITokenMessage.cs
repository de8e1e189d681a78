using QTrade.Markets;

namespace QTrade.Messages.Registry;

/// <summary>What a token's registration is told.</summary>
public interface ITokenMessage : IMessage
{
    TokenId TokenId { get; }
}
