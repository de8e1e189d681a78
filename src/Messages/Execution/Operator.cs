namespace QTrade.Messages.Execution;

/// <summary>A person who steered a node.</summary>
/// <param name="Name">The user's name, as the tool that was used says.</param>
/// <param name="Origin">The address that the command came from, as the node saw it.</param>
public sealed record Operator(string Name, string Origin);
