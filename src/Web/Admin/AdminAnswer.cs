using System.Text.Json.Nodes;

namespace QTrade.Web.Admin;

/// <summary>The answer to an <see cref="AdminRequest"/>; of a stream one item, the last without a result.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Node">The node that answers.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Message">One line for a person: what was done, or what is wrong and what to do; null where the result says it all.</param>
/// <param name="Result">What was asked for: an object, or an array of objects; null for none.</param>
public sealed record AdminAnswer(string Id, string Node, AdminStatus Status, string? Message, JsonNode? Result);
