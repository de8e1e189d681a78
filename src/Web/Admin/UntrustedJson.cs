using System.Text.Json.Serialization;

namespace QTrade.Web.Admin;

/// <summary>Requests from bytes that anybody may have sent: their arguments are texts, so nothing nests deeper.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4)]
[JsonSerializable(typeof(AdminRequest))]
internal sealed partial class UntrustedJson : JsonSerializerContext;
