using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>When the router hands out a snapshot.</summary>
public sealed class RouterOptions : IValidatableObject
{
    /// <summary>Least time between two snapshots.</summary>
    [DurationRange("1ms", "1h")]
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Most time between two snapshots, changed or not; at least <see cref="MinInterval"/>.</summary>
    [DurationRange("1ms", "1d")]
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Change of a pool's log price since the last snapshot that cuts the interval short.</summary>
    [Range(0, 10.0)]
    public double WakeThreshold { get; init; } = 1e-3;

    /// <summary>Snapshots whose log-price variance sets the adaptive interval.</summary>
    [Range(1, 10_000)]
    public int AdaptiveWindow { get; init; } = 16;

    /// <summary>The adaptive interval is the time in which a log price is expected to move by this.</summary>
    [Range(1e-9, 10.0)]
    public double AdaptiveMove { get; init; } = 0.0005;

    /// <summary>Whether a solve begins from the last decision's prices.</summary>
    public bool WarmStart { get; init; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CheckInterval < MinInterval)
            yield return new ValidationResult($"is shorter than qtrade.router.min-interval = '{SettingText.Duration(MinInterval)}'", [nameof(CheckInterval)]);
    }
}
