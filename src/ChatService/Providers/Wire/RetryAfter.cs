using System.Globalization;
using System.Net.Http.Headers;

namespace ChatGrpc.Providers.Wire;

/// <summary>How long a provider asks to wait, from its Retry-After header.</summary>
internal static class RetryAfter
{
    // Beyond a day it is a mistake of the provider's, and nobody's plan.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The header's seconds or date as a time from now, never negative; null: none that makes sense.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now)
    {
        // Finer than a second, and sent beside the standard header by OpenAI.
        if (headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= 0 and <= int.MaxValue)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - now;
        return wait > Longest ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
