using System.ComponentModel.DataAnnotations;
using System.Net;

namespace QTrade.Node.Configuration;

/// <summary>A text that is an IP address.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IpAddressAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string text && IPAddress.TryParse(text, out _);

    public override string FormatErrorMessage(string name) => "must be an IP address, for instance 127.0.0.1";
}
