using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Registry;

namespace QTrade.Trading.Registry;

/// <summary>The rules of a token's registration.</summary>
public static class TokenRegistry
{
    private const int DecimalsMax = 30;

    /// <summary>What is known already is no event.</summary>
    public static Decision<ITokenEvent> Decide(TokenState state, ITokenMessage command) => command switch
    {
        RegisterToken register when Fault(register.Token) is { } fault =>
            Decisions.Reject<ITokenEvent>(ReasonCode.InvalidToken, $"token '{register.TokenId}': {fault}"),
        RegisterToken register when register.Token.Equals(state.Token) => default,
        RegisterToken register => Decisions.Event<ITokenEvent>(
            new TokenRegistered(state.Sequence + 1, register.Token)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of the token registry"),
    };

    public static TokenState Apply(TokenState state, ITokenEvent change) => change switch
    {
        TokenRegistered registered => new TokenState(registered.Sequence, registered.Token),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of the token registry"),
    };

    private static string? Fault(Token token) =>
        string.IsNullOrEmpty(token.Id.Value) ? "id must not be empty"
        : !(token.Value >= 0 && double.IsFinite(token.Value)) ? "value must be a finite number of at least 0"
        : !(token.Holding >= 0 && double.IsFinite(token.Holding)) ? "holding must be a finite number of at least 0"
        : token.Decimals is < 0 or > DecimalsMax ? $"decimals must be from 0 to {DecimalsMax}"
        : null;
}
