using System.ComponentModel.DataAnnotations;
using QTrade.Web.Admin;

namespace QTrade.Node.Configuration;

/// <summary>A text that names a host and a port, or none.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HostAndPortAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string text && (text.Length == 0 || AdminClient.IsHost(text));

    public override string FormatErrorMessage(string name) => "must be HOST:PORT, for instance 127.0.0.1:9110";
}
