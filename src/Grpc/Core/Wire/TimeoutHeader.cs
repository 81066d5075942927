using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary>The <c>grpc-timeout</c> value: at most eight digits and a unit.</summary>
internal static class TimeoutHeader
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;
    private const long NanosecondsPerTick = 100;

    // The finest unit whose value fits comes first, so that nothing is lost that the header can carry.
    private static readonly (char Unit, long Ticks)[] UnitsAboveNanosecond =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Formats a duration, rounded up so that the server never gives up before the client.</summary>
    public static string Format(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 0);
        if (ticks <= MaxValue / NanosecondsPerTick)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{ticks * NanosecondsPerTick}n");
        }

        foreach (var (unit, ticksPerUnit) in UnitsAboveNanosecond)
        {
            var value = CeilingDivide(ticks, ticksPerUnit);
            if (value <= MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{MaxValue}H");
    }

    /// <summary>Parses a header; false for anything that is not one to eight digits and a unit.</summary>
    public static bool TryParse(ReadOnlySpan<char> header, out TimeSpan timeout)
    {
        timeout = default;
        if (header.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(header[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        if (header[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(CeilingDivide(value, NanosecondsPerTick));
            return true;
        }

        foreach (var (unit, ticksPerUnit) in UnitsAboveNanosecond)
        {
            if (unit == header[^1])
            {
                // Eight digits of hours are 3.6e18 ticks, less than half of what a TimeSpan holds.
                timeout = TimeSpan.FromTicks(value * ticksPerUnit);
                return true;
            }
        }

        return false;
    }

    private static long CeilingDivide(long value, long divisor) => (value / divisor) + (value % divisor == 0 ? 0 : 1);
}
