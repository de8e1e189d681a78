using System.Text.Json.Serialization;

namespace QTrade.Web.Admin;

/// <summary>Requests and answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AdminRequest))]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
