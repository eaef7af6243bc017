using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Web.Platform.Api;

/// <summary>
/// Lets pages of the sites in <c>Api:CorsOrigins</c> call the API, with a key in a header; no cookie comes along. Without one in the
/// setting no answer has a word about other origins, and browsers let none read it.
/// </summary>
internal static class ApiCors
{
    internal static IServiceCollection AddApiCors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<ApiCorsOptions>(configuration.GetSection(ApiCorsOptions.Section), options => options.Faults());
        return services.AddCors();
    }

    internal static void UseApiCors(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ApiCorsOptions>>().Value.CorsOrigins is not { Count: > 0 } origins)
            return;
        app.UseWhen(ApiDoor.IsApi, api => api.UseCors(policy => policy
            .WithOrigins([.. origins])
            .WithMethods("GET", "POST", "PATCH")
            .WithHeaders("X-Api-Key", "Authorization", "Content-Type", "If-Match", ApiOnce.Header)
            .WithExposedHeaders("ETag", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy", ApiOnce.ReplayedHeader)));
    }
}
