using System.Text.Json.Serialization;

namespace QTrade.Web.Admin;

/// <summary>Requests and answers as JSON. A number that is not finite, which JSON does not know, is the text <c>NaN</c>, <c>Infinity</c> or <c>-Infinity</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AdminRequest))]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
