# Millrace in one small image: the program as two bundles, the console's static files, the few native packages.
# Build: docker build -t millrace .

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node scripts/build.js && node scripts/image-files.js /image

FROM node:24-slim
LABEL org.opencontainers.image.title="Millrace" \
      org.opencontainers.image.description="Kafka broker, web console and HTTP API in one process" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /opt/millrace
COPY docker/millrace.properties /opt/millrace/
# A named volume takes the ownership of the directory it covers.
RUN ln -s /opt/millrace/src/cli/bin.js /usr/local/bin/millrace \
 && mkdir -p /var/lib/kafka/data /var/lib/millrace \
 && chown -R node:0 /var/lib/kafka /var/lib/millrace && chmod -R g=u /var/lib/kafka /var/lib/millrace
USER node
# One arena of the C library: V8's compiler threads leave 17 MB in those of their own.
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MILLRACE_HOST=0.0.0.0 \
    MILLRACE_PROPERTIES=/opt/millrace/millrace.properties \
    MILLRACE_HOME=/var/lib/millrace \
    MILLRACE_DATA=/var/lib/kafka/data \
    MILLRACE_ALLOWED_HOST=millrace;kafka
EXPOSE 9092 9094 8080 5000
VOLUME ["/var/lib/kafka/data", "/var/lib/millrace"]
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=5 CMD ["millrace", "health", "--quiet"]
ENTRYPOINT ["millrace"]
CMD ["up"]
