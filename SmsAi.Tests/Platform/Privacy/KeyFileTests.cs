using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>The embedded default's own keys: made once, kept, never replaced silently.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-keys-").FullName;

    private string FilePath => Path.Combine(_folder, KeyFile.Name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void First_start_makes_good_keys_that_only_the_owner_reads()
    {
        var keys = KeyFile.LoadOrCreate(Path.Combine(_folder, "new"));

        keys.Faults().ShouldBeEmpty();
        File.GetUnixFileMode(Path.Combine(_folder, "new", KeyFile.Name)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.Combine(_folder, "new")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Second_start_finds_the_same_keys()
    {
        var (first, second) = (KeyFile.LoadOrCreate(_folder), KeyFile.LoadOrCreate(_folder));

        (second.PhoneHashKey, second.EncryptionKey).ShouldBe((first.PhoneHashKey, first.EncryptionKey));
    }

    [Fact]
    public void Many_starts_at_once_agree_on_one_pair()
    {
        var pairs = new (string, string)[16];
        Parallel.For(0, pairs.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, at =>
        {
            var keys = KeyFile.LoadOrCreate(_folder);
            pairs[at] = (keys.PhoneHashKey, keys.EncryptionKey);
        });

        pairs.Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public void Open_file_is_closed_to_others()
    {
        KeyFile.LoadOrCreate(_folder);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        KeyFile.LoadOrCreate(_folder);

        File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PhoneHashKey=short\nEncryptionKey=short\n")]
    public void Damaged_file_is_refused_and_left_as_it_is(string contents)
    {
        File.WriteAllText(FilePath, contents);

        Should.Throw<InvalidDataException>(() => KeyFile.LoadOrCreate(_folder)).Message.ShouldContain(FilePath);

        File.ReadAllText(FilePath).ShouldBe(contents);
    }

    [Fact]
    public void Program_without_keys_gets_the_files_keys()
    {
        var configuration = new ConfigurationManager();

        KeyFile.AddTo(configuration, _folder);

        configuration["Privacy:PhoneHashKey"].ShouldBe(KeyFile.LoadOrCreate(_folder).PhoneHashKey);
        configuration.GetSection("Privacy").Get<PrivacyOptions>()!.Faults().ShouldBeEmpty();
    }

    [Fact]
    public void Program_with_any_key_of_its_own_gets_none()
    {
        var configuration = new ConfigurationManager();
        configuration["Privacy:EncryptionKey"] = TestKeys.Encryption;

        KeyFile.AddTo(configuration, _folder);

        configuration["Privacy:PhoneHashKey"].ShouldBeNull();
        File.Exists(FilePath).ShouldBeFalse();
    }
}
