using System.Text.Json.Nodes;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>What a command answers.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Message">One line for a person; null where the result says it all.</param>
/// <param name="Result">An object, or an array of objects; null for none.</param>
internal sealed record AdminReply(AdminStatus Status, string? Message, JsonNode? Result = null)
{
    public static AdminReply Done(JsonNode result, string? message = null) => new(AdminStatus.Done, message, result);

    public static AdminReply No(string message) => new(AdminStatus.No, message);

    public static AdminReply Bad(string message) => new(AdminStatus.Bad, message);
}
