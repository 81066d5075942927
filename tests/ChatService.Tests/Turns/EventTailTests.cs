using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class EventTailTests
{
    [Fact]
    public void Add_EventsOfKnownSize_WeighTheirWireSizeAndOverhead()
    {
        var tail = new EventTail();
        var added = Tokens.Answer("twelve bytes");

        var weight = tail.Add(added);

        Assert.Equal(added.CalculateSize() + 128, weight);
        Assert.Equal(weight, tail.Bytes);
        Assert.Equal(weight, tail.BytesOf(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AddAndRemove_AnyMix_ARunOfTheNewest(int seed)
    {
        var random = new Random(seed);
        var tail = new EventTail();
        var (first, last) = (1, 0);
        for (var i = 0; i < 5_000; i++)
        {
            if (last < first || random.Next(100) < 52)
            {
                _ = tail.Add(Tokens.Answer($"{++last}"));
            }
            else
            {
                tail.RemoveFirst();
                first++;
            }

            Assert.Equal(first, tail.First);
            Assert.Equal(
                Enumerable.Range(first, last - first + 1).Sum(sequence => tail.BytesOf(sequence)), tail.Bytes);
            if (first <= last)
            {
                Assert.Equal([$"{first}", $"{last}"], [tail[first].Token.Text, tail[last].Token.Text]);
            }
        }
    }

    [Fact]
    public void Index_OutsideOfTheRun_Throws()
    {
        var tail = new EventTail();
        _ = tail.Add(Tokens.Answer("1"));
        _ = tail.Add(Tokens.Answer("2"));
        tail.RemoveFirst();

        Assert.Throws<ArgumentOutOfRangeException>(() => tail[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tail[3]);
    }
}
